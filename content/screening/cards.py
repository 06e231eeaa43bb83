"""银行卡号: a person's card or account. Whose it is, its holder says, not what the money is for: a subsidy of 财政 goes to people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn

from content.screening.identity import bare, checked
from content.screening.numbers import CODE
from content.screening.passages import UNSEEN, Match, Passage

_CARD = re.compile(rf"(?<![\d*.])(?=(\d(?:[ {UNSEEN}-]{{0,2}}\d){{15,18}})(?!\d|\.\d))")
_LABEL = re.compile("银行|卡号|帐号|账号|账户|帐户|存折|一卡通|社保卡|储蓄|借记|信用卡|收款|打卡|工资卡")
_HEADING = re.compile("银行|卡号|[账帐][号户]|存折|一卡通|社保卡|社会保障卡")
_PERSONAL_LABEL = re.compile("银行卡|卡号|存折|一卡通|社保卡|储蓄|打卡|工资卡")

_ACCOUNT = "(?:银行)?(?:[账帐][户号]|专户)"
#: who holds an account, where it is said
_HOLDER_HEADING = re.compile("户名|开户名|[账帐]户名称|收款(?:单位|人|方)|开户(?:单位|人)")
_HOLDER = re.compile(rf"(?:{_HOLDER_HEADING.pattern})[:为是]{{0,2}} ?"
                     r"([^,。;:\n\t() ]{2,40}?)(?=[账帐][户号]|开户|[,。;:\n\t() ]|$)")
_OFFICE = (r"(?:公司|中心|政府|委员会|[居村]委会|办事处|办公室"
           r"|[\u4e00-\u9fff]{3}(?:[局会院校队所站厅处办]|(?<!信用)社|[小中大]学|幼儿园|国库|金库))")
_OFFICE_NAME = re.compile(rf"{_OFFICE}(?:本级|机关)?$")
#: an account of a kind that offices alone have; or one into which the public is asked to pay
_OFFICE_ACCOUNT = re.compile(
    rf"(?:对公|保证金|捐[赠款]|募捐|善款|缴[款费]|财政|非税(?:收入)?|国库|基本(?:存款)?|监管)(?:收入|资金|专用|财政)?{_ACCOUNT}|基本户|银行保函"
    rf"|(?:请|保证金)[^,。;]{{0,8}}(?:汇|缴|转|存|交)(?:入|至|到)(?:以下|下列|指定)?{_ACCOUNT}")
#: behind the kind of an account, somebody's name: a person who collects
_THEN_SOMEBODY = re.compile(rf"[:为是]{{0,2}}(?!\D{{0,3}}行)(?!{_OFFICE})[\u4e00-\u9fff]{{2,4}}(?:[,、]|{_ACCOUNT}|开户|$)")
#: an office, and behind it nothing but its bank and its number
_OFFICE_THEN = re.compile(rf"{_OFFICE}[,、(]?(?:开户(?:银行|行)?[:为是]?[^,。;]{{2,24}}[,)]?)?的?{_ACCOUNT}(?:号码?)?[:为是]{{0,2}}$")
#: where one of these stands between, the number is a person's again
_SOMEBODY = re.compile(r"[\u4e00-\u9fff]某|[\u4e00-\u9fff]\*|银行卡|存折|一卡通|社保卡|储蓄卡|工资卡|打卡|名下|本人|个人|户主|姓名|\d{12}")


def mask(number: str) -> str:
    """Only the last four of a bank card stay."""
    plain = bare(number)
    return f"{'*' * (len(plain) - 4)}{plain[-4:]}"


def find(passage: Passage) -> Iterator[Match]:
    """16 to 19 digits: with the check digit and the 62 of UnionPay, or under a word that says what they are. No office's own account."""
    for match in passage.numbers(_CARD):
        start, end = match.span(1)
        number = bare(match[1])
        if len(set(number)) < 3 or checked(number):
            continue
        heading, near = passage.heading(start), passage.before(start, 60)[-16:]
        if CODE.search(near) or re.search("项目|合同|编号|代码|单号", heading):
            continue
        personal = bool(_PERSONAL_LABEL.search(near) or _HEADING.search(heading))
        whole = luhn.is_valid(number)
        union = whole and number.startswith("62") and not re.search(r"[A-Za-z/_]$", passage.text[max(0, start - 1) : start])
        labelled = personal or (whole and _LABEL.search(near))
        if (union or labelled) and not _offices(passage, start, end):
            yield Match(start=start, end=end, masked=mask(number))


def _offices(passage: Passage, start: int, end: int) -> bool:
    """Whether an account is an office's own, which it names so that people can pay into it."""
    before, after = passage.before(start, 60), passage.after(end, 48)
    if holder := _holder(passage, start, after):
        return bool(_OFFICE_NAME.search(holder))
    if kinds := list(_OFFICE_ACCOUNT.finditer(before)):
        then = before[kinds[-1].end() :]
        if not _SOMEBODY.search(then) and not _THEN_SOMEBODY.match(then):
            return True
    note = re.match(r"\([^)]*", after)
    return any(_OFFICE_ACCOUNT.search(words) and not _SOMEBODY.search(words)
               for words in (passage.heading(start), note.group() if note else "")) or bool(_OFFICE_THEN.search(before))


def _holder(passage: Passage, start: int, after: str) -> str:
    """The name of the account's holder, where it is said: in the row, before the number (also some lines above), right behind it."""
    for cell in passage.row(start):
        if _HOLDER_HEADING.search(passage.heading(cell.start)):
            return passage.text[cell.start : cell.end].strip()
    words = passage.text[max(0, start - 120) : start]
    said = list(_HOLDER.finditer(words))
    if said and not _SOMEBODY.search(words[said[-1].end() :]):
        return said[-1][1]
    behind = re.match(rf"[,(、 ]*{_HOLDER.pattern}", after)
    return behind[1] if behind else ""
