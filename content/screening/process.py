"""Documents of work in progress (条例 Art. 16): 请示, 会议纪要, 送审稿, by title and form. A public 征求意见 is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.screening.passages import Match, Passage

_DRAFT = re.compile(
    r"[(\[【〔](?:内部)?((?:送审|讨论|审议|会签|报批|呈批|汇报|修改|代拟|初|草|征求意见|内部征求意见|审核|送阅|上会)"
    r"(?:讨论)?稿(?:[一二三四五六七八九十0-9]+)?)[)\]】〕]")
_DRAFT_END = re.compile(r"((?:送审|讨论|审议|会签|报批|呈批|代拟|上会)稿)$")
_REQUEST = re.compile(r"(?:关于|申请).{2,60}的(请示|请批件|签报|呈批件|呈阅件)(?:[(].{1,12}[)])?$")
_MINUTES = re.compile(r"((?:会议?|办公会|专题会|例会|常务会|党工?委会?|协调会|调度会"
                      r"|联席会)议?(?:专题)?(?:会议)?纪要)(?:[(〔\[].{0,24})?$|^(会议纪要|纪要)$")
_INFORMING = re.compile("批复|复函|印发|转发|通知|办法|制度|规定|规程|规则|报道|召开|学习|解读|落实|格式|模板|写作|归档|目录|贯彻")
_CLOSING = re.compile(r"((?:妥否|当否|可否|是否妥当|以上请示|特此请示|如无不妥)[,、 ]*(?:请|望|恳请|敬请)?(?:予以?)?(?:审批|批示|批复"
                      r"|指示|审示|审定|批准|审核)|特此请示)[。!]?")
_ROUTING = re.compile(r"^((?:领导批示|拟办意见|领导签批|签发人意见|核稿意见|会签意见|办公室拟办) ?:)")
_CONSULTATION = re.compile("征求.{0,30}意见|征集.{0,20}意见|意见征集|意见反馈|意见采纳|公开征(?:求|集)|起草说明|公示|听证")


def consultation(title: str) -> bool:
    """Whether an item asks the public for its opinion, so that a 征求意见稿 belongs to it."""
    return bool(_CONSULTATION.search(re.sub(r"[(（].{0,8}稿[)）]", "", title)))


def find(passage: Passage, *, consulting: bool = False) -> Iterator[Match]:
    """Titles, file names and heading lines that are a draft's, a request's or minutes'; the closing words of a request."""
    text = passage.text
    titled = passage.field in ("title", "short_title", "name")
    if not re.search("稿|请示|纪要|签报|呈[批阅]|[当可]否|妥|批示|拟办|意见 ?:", text):
        return
    for number, start, end in passage.short_lines(80):
        if not titled and (passage.cell(start) is not None or not passage.head):
            continue
        words = re.sub(r"\.[A-Za-z]{2,4}$", "", text[start:end])
        if found := _heading(words, titled=titled, head=number < 5, consulting=consulting):
            yield Match(start=start + found[0], end=start + found[1])
        elif not titled and (routing := _ROUTING.match(words)):
            yield Match(start=start + routing.start(1), end=start + routing.end(1))
    if not titled:
        for closing in _CLOSING.finditer(text):
            if not re.search("[“\"「]", text[max(0, closing.start() - 1) : closing.start()]):
                yield Match(start=closing.start(1), end=closing.end(1))


def _heading(words: str, *, titled: bool, head: bool, consulting: bool) -> tuple[int, int] | None:
    """Offsets of what makes a heading one of a document in progress."""
    if not titled and not head:
        return None
    whole = titled or not re.search("[,。;!?:]", words)
    draft = _DRAFT.search(words) if whole and (titled or re.fullmatch(r".{0,60}[)\]】〕]", words)) else None
    if draft or (titled and (draft := _DRAFT_END.search(words))):
        public = "征求意见" in draft[1] and (consulting or consultation(words))
        return None if public else draft.span(1)
    if whole and (request := _REQUEST.search(words)) and (titled or words.startswith(("关于", "申请")) or len(words) <= 40):
        return request.span(1)
    if whole and (minutes := _MINUTES.search(words)) and not _INFORMING.search(words):
        return minutes.span(1) if minutes[1] else minutes.span(2)
    return None
