"""What identifies a person in a list: e-mail, QQ and 微信, 车牌, 出生日期. Elsewhere these are an office's own, or history."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.screening.passages import PERSON, Match, Passage

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,40}@[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{2,20}){1,3}", re.ASCII)
_NUMBERED_MAIL = re.compile(r"\d{5,11}@qq\.com", re.IGNORECASE)
_QQ = re.compile(r"(?:个人|本人|联系)?(?:QQ|微信)号?(?!群)(?:码)?[:]? ?(?:为|是)?((?<!\d)[1-9]\d{4,10}(?!\d)|wxid_\w{6,20})", re.IGNORECASE)
_PLATE = re.compile("[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
                    r"[A-HJ-NP-Z][·. -]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9学警挂](?![A-Za-z0-9])")
_DAY = re.compile(r"((?:19|20)\d\d)( ?[年./-] ?)(\d{1,2})( ?[月./-] ?)(\d{1,2})( ?日?)(?!\d)")
_PLAIN_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")
_BIRTH_LABEL = re.compile(r"(?:出生(?:日期|年月日?|时间)|生日)[:为是]{0,2}$")


def _people(passage: Passage, at: int) -> bool:
    return bool(PERSON.search(passage.headings(at)))


def mails(passage: Passage) -> Iterator[Match]:
    """E-mail addresses beside names."""
    if "@" not in passage.text:
        return
    for match in _MAIL.finditer(passage.text):
        heading = passage.heading(match.start())
        listed = heading and _people(passage, match.start()) and not re.search("单位|企业|机构|公司", passage.headings(match.start()))
        if listed or re.search(r"(?:个人|本人|私人)(?:电子)?(?:邮箱|邮件|信箱)[^,。;]{0,4}$", passage.before(match.start())):
            yield Match(start=match.start(), end=match.end(), masked="****")


def accounts(passage: Passage) -> Iterator[Match]:
    """QQ and WeChat numbers of a person: not of a group, a service or an office's own account."""
    if not re.search("QQ|qq|Qq|微信", passage.text):
        return
    for match in _QQ.finditer(passage.text):
        own = re.match("个人|本人", match.group())
        if own or not re.search("公众|官方|客服|服务|工作|办公|咨询|群", passage.before(match.start(), 12)):
            yield Match(start=match.start(1), end=match.end(1), masked="****")
    for cell in passage.fragment.cells:
        if re.search("QQ|微信", passage.heading(cell.start), re.IGNORECASE) and _people(passage, cell.start):
            for match in re.compile(r"[1-9]\d{4,10}|[A-Za-z][\w-]{5,19}", re.ASCII).finditer(passage.text, cell.start, cell.end):
                yield Match(start=match.start(), end=match.end(), masked="****")


def plates(passage: Passage) -> Iterator[Match]:
    """Number plates beside names."""
    for match in _PLATE.finditer(passage.text):
        at = match.start()
        listed = re.search("车牌|车号|号牌", passage.heading(at)) and _people(passage, at)
        if listed or re.search("(?:车主|车主姓名)[:]?[\u4e00-\u9fff*]{2,4}[,(]?[^。;]{0,12}$", passage.before(at)):
            yield Match(start=at, end=match.end(), masked=f"{match.group()[:2]}****")


def births(passage: Passage) -> Iterator[Match]:
    """Days of birth. The year and month that a notice of appointment names stay."""
    if "生" not in passage.text:
        return
    for match in _DAY.finditer(passage.text):
        if _birth(passage, match.start(), match.end()):
            yield Match(start=match.start(), end=match.end(), masked=f"{match[1]}年**月**日")
    for match in _PLAIN_DAY.finditer(passage.text):
        if _birth(passage, match.start(), match.end()):
            yield Match(start=match.start(), end=match.end(), masked=f"{match.group()[:4]}年**月**日")


def _birth(passage: Passage, start: int, end: int) -> bool:
    heading = passage.heading(start)
    if heading:
        return bool(re.search("出生|生日", heading) and _people(passage, start))
    before = passage.before(start)
    return bool(_BIRTH_LABEL.search(before)
                or (re.match("出?生(?!产|效|态|活)", passage.after(end)) and re.search("[男女][,、(][^。;]{0,10}$", before)))
