"""手机号 and 银行卡号."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn

from content.screening.identity import bare, checked
from content.screening.passages import UNSEEN, Match, Passage

_MOBILE = re.compile(rf"(?<![\d*])(?:\(?\+? ?0{{0,2}}86\)?[ -]{{0,2}})?"
                     rf"(?=(1[ {UNSEEN}-]?[3-9][ {UNSEEN}-]?\d(?:[ \n{UNSEEN}-]{{0,2}}\d){{8}})(?![\d*]))")
_NEAR = re.compile(r"(?<![\d*.])1[3-9]\d{8,10}(?!\d)")
#: how people divide eleven digits: 138 0013 8000, 13800 138000 …
_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (5, 6), (4, 3, 4), (3, 3, 5), (4, 4, 3), (6, 5), (3, 2, 2, 2, 2), (3, 2, 3, 3),
                     (5, 3, 3), (3, 3, 3, 2), (3, 3, 2, 3), (3, 4, 2, 2), (3, 2, 2, 4)})
_PHONE = re.compile("手机|电话|联系|热线|传真|Tel|Phone|微信|短信", re.IGNORECASE)
#: a line that the public is to call stays, whatever it begins with (条例 Art. 12, 20)
_PUBLIC_LINE = re.compile("(?:监督|举报|投诉|服务|值班|咨询|报警|救援|抢修|公开|热线|客服|受理|便民|办公|应急|报修|接访"
                          "|信访)[^,。;\t\n]{0,6}(?:电话|热线|专线|手机|号码)?[:(]?$")
_UNIT = re.compile("元|万|亿|吨|千克|公斤|平方|立方|千瓦|度|株|人次|页|字|米|公里|KB|MB|%")
_CODE = re.compile(r"(?:编号|编码|代码|单号|流水号?|合同号?|条码|条形码|批号|批次|索引号?|文号|案号|票号|发票|订单号?|备案号?|证号|许可"
                   r"|登记号|序列号|学号|工号|考号|No\.?|ISBN|桩号|图号|宗地号?)"
                   r"[^,。;\t\n]{0,3}$", re.IGNORECASE)

_CARD = re.compile(rf"(?<![\d*.])(?=(\d(?:[ {UNSEEN}-]{{0,2}}\d){{15,18}})(?!\d|\.\d))")
_CARD_LABEL = re.compile("银行|卡号|帐号|账号|账户|帐户|存折|一卡通|社保卡|储蓄|借记|信用卡|收款|打卡|工资卡")
_CARD_HEADING = re.compile("银行|卡号|[账帐][号户]|存折|一卡通|社保卡|社会保障卡")
#: an office's own account, which it names so that people can pay into it
_OFFICE_ACCOUNT = re.compile("对公|保证金|捐赠|募捐|捐款|缴款|缴费|财政|专户|基本户|基本存款|户名[:]?[^,。;\n]{0,30}(?:局|委员会|办事处"
                             "|政府|中心|公司|会|院|校|队|所)|非税|国库|指定账户|银行保函")


def mask_mobile(number: str) -> str:
    """138****1234."""
    plain = bare(number)
    return f"{plain[:3]}****{plain[-4:]}"


def mask_card(number: str) -> str:
    """Only the last four of a bank card stay."""
    plain = bare(number)
    return f"{'*' * (len(plain) - 4)}{plain[-4:]}"


def mobiles(passage: Passage) -> Iterator[Match]:
    """Eleven digits from 13 to 19, divided as people divide them, that are no public line, amount or code."""
    for match in passage.numbers(_MOBILE, reach=5):
        start, end = match.start(), match.end(1)
        written = match[1]
        if tuple(len(group) for group in re.split(r"[ \n-]+", written.replace(UNSEEN, ""))) not in _GROUPS:
            continue
        if "\n" in written and not _PHONE.search(passage.before(start) + passage.heading(start)):
            continue
        if not _excused(passage, start, end):
            yield Match(start=start, end=end, masked=mask_mobile(written))
    for cell in passage.fragment.cells:
        if "手机" in passage.heading(cell.start):
            for match in _NEAR.finditer(passage.text, cell.start, cell.end):
                yield Match(start=match.start(), end=match.end(), masked=mask_mobile(match.group()))


def _excused(passage: Passage, start: int, end: int) -> bool:
    before, heading = passage.before(start), passage.heading(start)
    if _PUBLIC_LINE.search(before) or re.search("监督|举报|投诉|服务电话|值班电话|咨询电话|热线", heading):
        return True
    if _PHONE.search(before[-12:] + heading):
        return False
    if _UNIT.match(passage.after(end)) or _CODE.search(before):
        return True
    if _CODE.search(heading) or re.search("编号|编码|代码|单号|合同|条码|批号|金额|面积|产值|数量", heading):
        return True
    before, behind = passage.text[max(0, start - 2) : start], passage.text[end : end + 2]
    return bool(re.search(r"[A-Za-z0-9][/_#-]?$|[_#]$|\d[.,]$|[¥$]$", before) or re.match(r"[/_][0-9A-Za-z]|-\d|[A-Za-z]|[.,]\d", behind))


def cards(passage: Passage) -> Iterator[Match]:
    """16 to 19 digits: with the check digit and the 62 of UnionPay, or under a word that says what they are."""
    for match in passage.numbers(_CARD):
        start, end = match.span(1)
        number = bare(match[1])
        if len(set(number)) < 3 or checked(number):
            continue
        heading, before = passage.heading(start), passage.before(start, 60)
        near = before[-16:]
        if _CODE.search(near) or re.search("项目|合同|编号|代码|单号", heading):
            continue
        personal = bool(re.search("银行卡|卡号|存折|一卡通|社保卡|储蓄|打卡|工资卡", near) or _CARD_HEADING.search(heading))
        whole = luhn.is_valid(number)
        union = whole and number.startswith("62") and not re.search(r"[A-Za-z/_]$", passage.text[max(0, start - 1) : start])
        labelled = personal or (whole and _CARD_LABEL.search(near))
        if (union or labelled) and not _OFFICE_ACCOUNT.search(before + heading + passage.after(end, 16)):
            yield Match(start=start, end=end, masked=mask_card(number))
