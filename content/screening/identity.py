"""身份证号 (GB 11643-1999): 6 digits of region, 8 of birth, 3 of sequence, 1 of check; 15 digits before 1999."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from stdnum import numdb
from stdnum.cn import ric, uscc

from content.screening.passages import UNSEEN, Match, Passage

_GAP = f"[ \n{UNSEEN}-]{{0,3}}"
#: read at every place, since a number may begin where another only seems to
_EIGHTEEN = re.compile(rf"(?<![\d*])(?=([1-8](?:{_GAP}\d){{5}}{_GAP}(?:1{_GAP}[89]|2{_GAP}0)(?:{_GAP}\d){{9}}{_GAP}[\dXx])(?!\d))")
_FIFTEEN = re.compile(rf"(?<![\d*A-Za-z])(?<!\d\.)(?=([1-8](?:{_GAP}\d){{7}}{_GAP}[01]{_GAP}\d{_GAP}[0-3](?:{_GAP}\d){{4}})(?!\d|\.\d))")
_TWENTY = re.compile(r"(?<!\d)(?=(\d{17}[\dXx])[1-7][1-4](?!\d))")  # 残疾人证号: the identity number, the kind and the degree
_BOXES = re.compile(r"(?<!\d)(?=(\d(?:\t\d){16}\t[\dXx])(?!\d))")  # a form with a box a digit
_SCIENCE = re.compile(r"(?<![\d.])[1-8]\.\d{1,16} ?[Ee] ?\+ ?1[47](?!\d)")
_SHOWS_BIRTH = re.compile(r"(?<![\d*])\d{6}(?:19|20)\d{6}(?:\d{0,3}\*{1,8}[\dXx]{0,4}|[Xx]{2,4}(?![A-Za-z]))")
_ANY = re.compile(rf"[\dXx](?:[ {UNSEEN}-]?[\dXx]){{7,24}}")
_LOOSE = re.compile(rf"(?<![\d*])\d(?:{_GAP}[\d]){{13,18}}{_GAP}[Xx]?(?![\d*])")

LABEL = re.compile("身份证|公民身份|身份号|证件号|居民身份|护照")
_HEADING = re.compile("身份证|公民身份|身份号|证件号|残疾人?证")
_CODE = re.compile(r"(?:编号|编码|代码|单号|流水|合同|条码|条形码|项目|批次|索引|文号|案号|票号|订单|备案|许可证?号?|登记号|序列|学号"
                   r"|工号|发票|注册号|执照号?|统一社会|No\.?|ISBN)[^。;\t\n]{0,6}$", re.IGNORECASE)
_PERMIT = re.compile("许可|合同|项目|采购|招标|投标|案件|案号|备案|工程|票据|订单|单号")
_CREDIT = re.compile("信用代码|机构代码|税号|纳税人")
#: the first two digits, of GB/T 2260
PROVINCES = frozenset(map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66),
                               71, 81, 82, 83)))


def bare(number: str) -> str:
    """A number without what stands between its digits."""
    return re.sub(rf"[\s{UNSEEN}-]", "", number).upper()


def masked(number: str) -> str:
    """35*************123: the first two and the last three (永安 2022); what has no such ends shows its first two only."""
    plain = bare(number)
    return f"{plain[:2]}{'*' * max(len(plain) - 5, 10)}{plain[-3:]}"


def _born(year: str, month: str, day: str) -> bool:
    try:
        return 1880 <= date(int(year), int(month), int(day)).year <= 2100
    except ValueError:
        return False


def shaped(number: str) -> bool:
    """Whether 18 characters have a province and a day of birth; the check digit apart."""
    return number[:2] in PROVINCES and number[6:8] in ("18", "19", "20") and _born(number[6:10], number[10:12], number[12:14])


def checked(number: str) -> bool:
    """Whether 18 characters are an identity number by all that can be computed."""
    return shaped(number) and ric.calc_check_digit(number) == number[-1]


def _known(region: str) -> bool:
    return any("county" in properties for _, properties in numdb.get("cn/loc").info(region))


def find(passage: Passage) -> Iterator[Match]:
    """Every identity number, however it is written; numbers with a slip of the pen where a heading or a label says what they are."""
    if not passage.runs and "证" not in passage.text:
        return
    for match in passage.numbers(_EIGHTEEN):
        start, end = match.span(1)
        number = bare(match[1])
        found = not _another(passage, start, number) if checked(number) else shaped(number) and _slip(passage, start, number, match[1])
        if found:
            yield Match(start=start, end=end, masked=masked(number))
    for match in passage.numbers(_FIFTEEN):
        start, end = match.span(1)
        number = bare(match[1])
        if number[:2] in PROVINCES and number[6] != "0" and _born("19" + number[6:8], number[8:10], number[10:12]) and (
                _named(passage, start) or (not match[1].count("\n") and _known(number[:6]) and not _coded(passage, start))):
            yield Match(start=start, end=end, masked=masked(number))
    yield from _odd(passage)
    yield from _by_context(passage)


def _another(passage: Passage, start: int, number: str) -> bool:
    """One in eleven serials of a region and a recent day has the right check digit: there the label tells; one credit code in many, too."""
    before, heading = passage.before(start), passage.heading(start)
    if uscc.is_valid(number) and _CREDIT.search(before + heading):
        return True
    return number[6:10] >= "2008" and not _named(passage, start) and bool(_PERMIT.search(before[-10:]) or _PERMIT.search(heading))


def _slip(passage: Passage, start: int, number: str, written: str) -> bool:
    """A wrong check digit: still somebody's, unless it is a serial with a place and a day in it, as those of cases and projects are."""
    if _named(passage, start):
        return True
    return "\n" not in written and number[6:10] < "2006" and _known(number[:6]) and not _coded(passage, start)


def _named(passage: Passage, start: int) -> bool:
    return bool(_HEADING.search(passage.heading(start)) or LABEL.search(passage.before(start)[-16:]))


def _coded(passage: Passage, start: int) -> bool:
    return bool(_CODE.search(passage.before(start)) or _CODE.search(passage.heading(start))
                or re.search(r"[A-Za-z/_]$", passage.text[max(0, start - 1) : start]))


def _odd(passage: Passage) -> Iterator[Match]:
    for match in passage.numbers(_TWENTY):
        if checked(match[1].upper()):
            yield Match(start=match.start(1), end=match.end(1) + 2, masked=masked(match[1]))
    if passage.fragment.cells:
        for match in passage.numbers(_BOXES):
            if checked(bare(match[1])):
                yield Match(start=match.start(1), end=match.end(1), masked=masked(match[1]))
    for match in passage.numbers(_SCIENCE):
        digits = re.sub(r"[ .]", "", match.group()).upper().partition("E")[0]
        if digits[:2] in PROVINCES and (len(digits) >= 5 or _named(passage, match.start())):
            yield Match(start=match.start(), end=match.end(), masked=f"{digits[:2]}{'*' * 16}")
    for match in passage.numbers(_SHOWS_BIRTH):
        number = match.group()
        if number[:2] in PROVINCES and _born(number[6:10], number[10:12], number[12:14]):
            yield Match(start=match.start(), end=match.end(), masked=f"{number[:2]}{'*' * 13}{re.sub('[^0-9X*]', '', number.upper())[-3:]}")


def _by_context(passage: Passage) -> Iterator[Match]:
    """Under a heading, or behind a label, whatever is nearly such a number is one, mistyped."""
    for cell in passage.fragment.cells:
        if not _HEADING.search(passage.heading(cell.start)):
            continue
        words = passage.text[cell.start : cell.end]
        for match in _ANY.finditer(words):
            number = bare(match.group())
            if words[match.end() : match.end() + 1] != "*" and not words[: match.start()].endswith("*") and not uscc.is_valid(number):
                yield Match(start=cell.start + match.start(), end=cell.start + match.end(), masked=masked(number))
    for match in LABEL.finditer(passage.text):
        gap = re.compile(r"[^\d。;]{0,12}").match(passage.text, match.end())
        if gap and (found := _LOOSE.match(passage.text, gap.end())) and not uscc.is_valid(bare(found.group())):
            end = gap.end() + len(found.group().rstrip(f" \n{UNSEEN}-"))
            yield Match(start=gap.end(), end=end, masked=masked(passage.text[gap.end() : end]))
