"""Marks of secrecy and of internal use, by their form and where they stand: the bare word is common in harmless text (保守国家秘密法).

Forms: GB/T 9704-2012 7.2.2 and 7.2.3 (the mark of secrecy at the head, 机密★10年); 国办发〔2017〕47号 (此件公开发布 at the foot).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.screening.passages import Match, Passage

_LEVEL = r"(?:绝 ?密|机 ?密|秘 ?密)"
_TERM = r"(?:长 ?期|[0-9一二三四五六七八九十 ]{1,5}(?:年|个?月|[日天])|(?:解密|启用|公布)[前后])"
#: what may stand around a mark in its line: the copy's number, the urgency; possessive, as a long number can be cut up in too many ways
_BESIDE = r"(?:\d{1,8}|特 ?急|加 ?急|特提|平急|急 ?件|份号[: ]*\d*|[ *·|])*+"
_STAR = re.compile(rf"^{_BESIDE}(?:密级[: ]*)?({_LEVEL} ?[★*▲] ?{_TERM}?){_BESIDE}$")
_STAR_ANYWHERE = re.compile(rf"(?<![“\"'《「])({_LEVEL} ?★ ?{_TERM}?)(?![”\"'》」])")
_EXPLAINED = re.compile(r"标志|标识|标注|标明|形式|例如|[如即]$|样式|格式|写作|应当")
_BARE = re.compile(rf"^{_BESIDE}({_LEVEL}){_BESIDE}$")
_STATED = re.compile(rf"^(?:文件|信息)?密 ?级 ?[:] ?({_LEVEL})")
_WORK = re.compile(r"^[\[(【]?(工作秘密|(?:核心|普通)商密|商密|警务工作秘密|政法工作秘密)[ ★▲*]*(?:\d+年|长期)?[\])】]?$|^((?:核心商密"
                   r"|普通商密|商密|工作秘密|内部) ?[★▲] ?\S{0,5})$")

_INTERNAL_WORDS = r"内部(?:资料|文件|情况(?:通报)?|刊物|材料|使用|传阅|参考|信息|通报|明电|掌握)"
_CARE = (r"(?:请|应)?(?:注意|妥善|严格)?(?:保存|保管|保密)"
         r"|(?:请勿|严禁|不得|切勿|禁止)(?:对外)?(?:外传|传播|公开|转发|翻印|扩散|转载|泄露|复制)")
_INTERNAL = re.compile(
    rf"^[\[(【〔「★※]?((?:仅供|仅限)?(?:党政(?:机关)?)?{_INTERNAL_WORDS}(?:[,、 ;!]*(?:{_CARE}))*"
    rf"|(?:仅供|仅限|限)(?:本?单位|机关|系统)?(?:内部)?(?:使用|参阅|参考|传阅)(?:[,、 ]*(?:{_CARE}))*"
    r"|阅后(?:即焚|销毁|收回|退回)|会后(?:收回|退回)|不得(?:对外)?外传|严禁外传|注意(?:保密|保存|保管))[ !。\])】〕」★]*$")
_INTERNAL_BRACKETED = re.compile(
    rf"[\[(【〔]((?:仅供|仅限)?{_INTERNAL_WORDS}(?:[,、 ]*(?:{_CARE}))*"
    r"|内部|注意保密|不得外传|严禁外传|阅后收回|会后收回)[\])】〕]")
_INTERNAL_PAIR = re.compile(rf"({_INTERNAL_WORDS}[,、 ;!]*(?:注意(?:保存|保管|保密)|(?:请勿|严禁|不得|切勿)(?:外传|传播|扩散|公开)))")

_THIS = r"(?:此|本|该)(?:件|文|文件|信息)"
_NOT = r"(?:不予公开|不(?:宜|得|对外|向社会)?公开(?!发布的)|依申请公开|不予主动公开|暂不公开|免予公开|主动公开时删减)"
_NOT_PUBLIC = re.compile(rf"^[\[(【〔]?({_THIS} ?(?:属于?)?{_NOT})[。]?[\])】〕]?$|[\[(【〔]({_THIS} ?{_NOT})[\])】〕]")
_ATTRIBUTE = re.compile(rf"^(?:政府)?(?:信息|公文)?公开(?:选项|属性|方式|类别|类型|形式|情况)? ?[:] ?({_NOT}|依申请|不予|免于公开)[。 ]*$")
_ATTRIBUTE_INLINE = re.compile(rf"(?:信息公开选项|公开属性) ?[:] ?({_NOT})(?=[ 。\n\t]|$)")

_INNER_PATH = re.compile(r"(?<![\\\w])(\\\\[\w.\-]{2,40}\\[^\s,。;]{1,80})|(https?://(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d"
                         r"|3[01]))\.\d{1,3}\.\d{1,3}[^\s,。;<>\"]{0,80})", re.ASCII)
#: lines at the head among which a bare 机密 is a mark and no subject
HEAD = 6


def classification(passage: Passage) -> Iterator[Match]:
    """绝密, 机密, 秘密 as marks: with the star, alone in a line of the head, or behind 密级."""
    if not re.search("密|内部", passage.text):
        return
    seen: set[int] = set()
    for number, start, end in passage.short_lines():
        words = passage.text[start:end]
        if not re.search("密|内部", words):
            continue
        bare = _BARE.match(words) if passage.head and number < HEAD and passage.cell(start) is None else None
        if found := _STAR.match(words) or _STATED.match(words) or _WORK.match(words) or bare:
            group = next(n for n, value in enumerate(found.groups(), 1) if value)
            seen.add(start + found.start(group))
            yield Match(start=start + found.start(group), end=start + found.end(group))
    for found in _STAR_ANYWHERE.finditer(passage.text):
        if found.start() not in seen and not _EXPLAINED.search(passage.before(found.start(), 20)):
            yield Match(start=found.start(), end=found.end())


def internal(passage: Passage) -> Iterator[Match]:
    """内部资料 注意保存 and its like: a line of its own, in brackets, or the two words together."""
    if not re.search("内部|仅供|仅限|注意保|外传|阅后|会后", passage.text):
        return
    seen: set[int] = set()
    for _, start, end in passage.short_lines(40):
        if found := _INTERNAL.match(passage.text[start:end]):
            if passage.heading(start):
                continue
            seen.add(start + found.start(1))
            yield Match(start=start + found.start(1), end=start + found.end(1))
    for pattern in (_INTERNAL_BRACKETED, _INTERNAL_PAIR):
        for found in pattern.finditer(passage.text):
            if found.start(1) not in seen and not _quoted(passage, found.start(1)):
                seen.add(found.start(1))
                yield Match(start=found.start(1), end=found.end(1))


def not_public(passage: Passage) -> Iterator[Match]:
    """此件不公开, 此件依申请公开, 公开属性：不予公开. 此件公开发布 is as it should be."""
    if not re.search("[不免]予?[^。]{0,4}公开|依申请|删减", passage.text):
        return
    seen: set[int] = set()
    for _, start, end in passage.short_lines():
        if "公开" in (words := passage.text[start:end]) and (found := _NOT_PUBLIC.search(words) or _ATTRIBUTE.match(words)):
            group = next(n for n, value in enumerate(found.groups(), 1) if value)
            if not _quoted(passage, start + found.start(group)):
                seen.add(start + found.start(group))
                yield Match(start=start + found.start(group), end=start + found.end(group))
    for pattern in (_NOT_PUBLIC, _ATTRIBUTE_INLINE):
        for found in pattern.finditer(passage.text):
            group = next(n for n, value in enumerate(found.groups(), 1) if value)
            if found.start(group) not in seen and not _quoted(passage, found.start(group)):
                seen.add(found.start(group))
                yield Match(start=found.start(group), end=found.end(group))


def inner_paths(passage: Passage) -> Iterator[Match]:
    """Paths and addresses of the office's own network: those of a file server, http://10.…, http://192.168.…."""
    if "\\\\" not in passage.text and "http" not in passage.text:
        return
    for found in _INNER_PATH.finditer(passage.text):
        yield Match(start=found.start(), end=found.end())


def _quoted(passage: Passage, start: int) -> bool:
    """A mark that is spoken about: in quotation marks, or behind words that introduce one."""
    before = passage.text[max(0, start - 2) : start]
    return bool(re.search("[“\"‘'「《]", before)) or bool(_EXPLAINED.search(passage.before(start, 14).rstrip("([【〔")))
