"""手机号."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.screening.identity import bare
from content.screening.passages import UNSEEN, Match, Passage

_MOBILE = re.compile(rf"(?<![\d*])(?:\(?\+? ?0{{0,2}}86\)?[ -]{{0,2}})?"
                     rf"(?=(1[ {UNSEEN}-]?[3-9][ {UNSEEN}-]?\d(?:[ \n{UNSEEN}-]{{0,2}}\d){{8}})(?![\d*]))")
_NEAR = re.compile(r"(?<![\d*.])1[3-9]\d{8,10}(?!\d)")
#: how people divide eleven digits: 138 0013 8000, 13800 138000 …
_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (5, 6), (4, 3, 4), (3, 3, 5), (4, 4, 3), (6, 5), (3, 2, 2, 2, 2), (3, 2, 3, 3),
                     (5, 3, 3), (3, 3, 3, 2), (3, 3, 2, 3), (3, 4, 2, 2), (3, 2, 2, 4)})
_PHONE = re.compile("手机|电话|联系|热线|传真|Tel|Phone|微信|短信", re.IGNORECASE)
_KINDS = "监督|举报|投诉|服务|值班|值守|咨询|报警|救援|抢修|公开|客服|受理|便民|办公|应急|报修|信访|接访|求助|维权"
_LINE = "(?:电话|热线|专线|手机|号码|方式|渠道|途径|来电)"
#: what may stand between the purpose of a line and the line: nothing that could be a name
_BETWEEN = (rf"(?:{_KINDS}|接待|接听|处理|办理|专用|统一|联系|联络|工作|管理|检查|监察|调解|保障|指挥|调度|预约|报名|意见|建议"
            r"|信箱|邮箱|及|和|与|或|的|、|/|室|科|处|所|站|台|中心|大厅|窗口|部门|平台|单位|时间|24小时|全天|日常|夜间|\([^()]{0,8}\))")
#: a line that the public is to call stays (条例 Art. 12, 20): its purpose leads straight to it
_PUBLIC_LINE = re.compile(rf"(?:(?:{_KINDS}){_BETWEEN}{{0,4}}{_LINE}|热线|专线)(?:号码?)?")
#: people in the matter: theirs is no public line, whatever words they bring along (举报人, 信访人, 服务对象, 接访群众)
_PARTY = re.compile(rf"(?:{_KINDS}|上访|来访|反映|检举|控告|申诉|申请|报案|报料|爆料|委托|监护|联系|负责|责任|相对|患|受害|被\w{{1,3}})"
                    r"(?:人|者|对象|群众|人员|家属)|当事人|家属")
_SOMEBODY = re.compile("人|者|对象|群众|家属|[\u4e00-\u9fff]某")
_UNIT = re.compile("元|万|亿|吨|千克|公斤|平方|立方|千瓦|度|株|人次|页|字|米|公里|KB|MB|%")
#: words behind which a number is the name of a thing
CODE = re.compile(r"(?:编号|编码|代码|单号|流水号?|合同号?|条码|条形码|批号|批次|索引号?|文号|案号|票号|发票|订单号?|备案号?|证号|许可"
                   r"|登记号|序列号|学号|工号|考号|No\.?|ISBN|桩号|图号|宗地号?)"
                   r"[^,。;\t\n]{0,3}$", re.IGNORECASE)


def mask_mobile(number: str) -> str:
    """138****1234."""
    plain = bare(number)
    return f"{plain[:3]}****{plain[-4:]}"


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
        if "手机" in (heading := passage.heading(cell.start)) and not _public(heading):
            for match in _NEAR.finditer(passage.text, cell.start, cell.end):
                yield Match(start=match.start(), end=match.end(), masked=mask_mobile(match.group()))


def _excused(passage: Passage, start: int, end: int) -> bool:
    before, heading = passage.before(start), passage.heading(start)
    if _public(before, leads=True) or _public(heading):
        return True
    if _PHONE.search(before[-12:] + heading):
        return False
    if _UNIT.match(passage.after(end)) or CODE.search(before):
        return True
    if CODE.search(heading) or re.search("编号|编码|代码|单号|合同|条码|批号|金额|面积|产值|数量", heading):
        return True
    before, behind = passage.text[max(0, start - 2) : start], passage.text[end : end + 2]
    return bool(re.search(r"[A-Za-z0-9][/_#-]?$|[_#]$|\d[.,]$|[¥$]$", before) or re.match(r"[/_][0-9A-Za-z]|-\d|[A-Za-z]|[.,]\d", behind))


def _public(words: str, *, leads: bool = False) -> bool:
    """Whether words before a number, or a heading above it, speak of a line for the public and of nobody whose it could be.

    `leads`: the line must be the last that is said. 群众举报电话 is such a line, and 投诉人张某电话 is none.
    """
    clause = re.split("[,;、\t]", words)[-1] if leads else words
    for line in _PUBLIC_LINE.finditer(clause):
        before, behind = clause[: line.start()], clause[line.end() :]
        if _PARTY.search(before) or (_SOMEBODY.search(before) and not re.search("(?:人|者|群众)$", before)):
            continue
        if re.fullmatch(r"(?:\([^()]{0,10}\))?[:(为是]{0,2}", behind) if leads else not _SOMEBODY.search(behind):
            return True
    return False
