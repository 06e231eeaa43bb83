"""Findings in files: in their names, in what they say, in what they hide, in what cannot be looked into."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from content.readers import read_file
from content.readers.fragments import Fault, Fragment, Hidden
from content.screening.findings import Finding, Severity, key
from content.screening.passages import Match, Passage
from content.screening.rules import Rule, matches
from content.screening.telling import excerpt, harmless, name

#: what is hidden, by rule: as staff call it, and what to do
HIDDEN = {
    "hidden-sheet": ("隐藏的工作表", "公众下载后可以取消隐藏。请删除隐藏的工作表后重新上传。"),
    "hidden-rows": ("隐藏的行", "请删除隐藏的行（不是缩小行高或筛选）后重新上传。"),
    "hidden-columns": ("隐藏的列", "请删除隐藏的列后重新上传。"),
    "comment": ("批注", "请删除批注后重新上传。"),
    "tracked-change": ("修订痕迹", "请在“审阅”中接受或拒绝全部修订，关闭修订后重新上传。"),
    "hidden-text": ("隐藏的文字", "请显示并删除隐藏的文字后重新上传。"),
    "properties": ("文档属性", "点“清除属性”，或在“文件—信息—检查文档”中清除后重新上传。"),
    "embedded-object": ("嵌入的文件", "嵌入的文件里可能另有内容。请改为图片或单独的附件。"),
    "macro": ("宏", "请另存为不含宏的格式（docx、xlsx、pptx）后重新上传。"),
    "external-link": ("外部链接", "文件指向别处的文件，会露出内部路径和旧数据。请断开链接后重新上传。"),
    "defined-name": ("隐藏的名称", "请在“公式—名称管理器”中删除后重新上传。"),
    "notes": ("演讲者备注", "请删除备注后重新上传，或转为PDF。"),
    "hidden-slide": ("隐藏的幻灯片", "请删除隐藏的幻灯片后重新上传。"),
    "text-under-box": ("色块下的文字", "盖住的文字仍可复制。请在原文中删去这些文字，再重新导出PDF。"),
    "annotation": ("PDF批注", "请删除批注后重新导出PDF。"),
    "pdf-attachment": ("PDF内嵌的附件", "请取出内嵌的附件，确需公开的单独上传。"),
    "exif": ("照片信息", "点“清除属性”去掉拍摄地点、时间和设备信息。"),
    "pivot-cache": ("数据透视表的缓存", "请把透视表复制为数值，或转为PDF后重新上传。"),
    "script": ("脚本", "请去掉文件中的脚本后重新上传。"),
}
FAULTS = {"unreadable": "无法检查的文件", "encrypted": "加密的文件", "bomb": "异常压缩的文件", "malformed": "损坏的文件",
          "wrong-type": "名称与内容不符"}
IN_FILE = "文件内的内容不能代为遮盖，请在原文件中处理后重新上传，或写明必须公开的理由。"
#: places told one by one; a list of ten thousand people is one finding
TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that is to go out with an edition."""

    kind: str  #: attachment or image
    name: str  #: as the public sees it
    data: bytes
    alt: str = ""  #: of images


def screen_file(file: File, *, consulting: bool = False, secret: bytes = b"") -> tuple[Finding, ...]:
    """What a file holds that must not go out: a pure function of its arguments. Raises nothing, whatever the bytes.

    `consulting`: it belongs to an item that asks the public for its opinion. `secret` as for `screen`: what is found is bound to the bytes.
    """
    mine = _Maker(file, secret)
    reading = read_file(file.name, file.data)
    found = list(mine.words(Fragment(place="文件名", text=file.name), field="name", consulting=consulting))
    for number, fragment in enumerate(reading.fragments):
        found += mine.words(fragment, field="file", consulting=consulting, head=number == 0)
    found += [mine.hidden(one) for one in reading.hidden]
    found += [mine.fault(one) for one in reading.faults]
    return tuple(found)


class _Maker:
    """Makes the findings of one file."""

    def __init__(self, file: File, secret: bytes) -> None:
        self.secret = secret
        self.field = f"{file.kind}:{file.name}"
        self.place = f"{'图片' if file.kind == 'image' else '附件'}“{file.name}”"
        self.seal = hashlib.sha256(file.data).hexdigest()[:16]

    def words(self, fragment: Fragment, *, field: str, consulting: bool, head: bool = True) -> Iterator[Finding]:
        """What the rules find in a fragment: one finding a rule, however many places it has there."""
        passage = Passage(fragment, field=field, head=head)
        pairs = matches(passage, consulting=consulting)
        by_rule: dict[str, list[tuple[Rule, Match]]] = {}
        for pair in pairs:
            by_rule.setdefault(pair[0].slug, []).append(pair)
        for group in by_rule.values():
            rule, first = group[0]
            told = [passage.place(match.start) for _, match in group[:TOLD]]
            rest = [place.rpartition(" › ")[2] for place in told[1:]]
            more = f"等{len(group)}处" if len(group) > TOLD else ""
            where = "、".join(dict.fromkeys([told[0], *rest])) + more
            named = key(self.secret, rule.slug, self.field, self.seal, fragment.place, name(passage, rule, first))
            yield Finding(key=named, rule=rule.slug, label=rule.label, severity=rule.severity, field=self.field,
                          place=f"{self.place} › {where}", advice=IN_FILE if rule.secret else rule.advice,
                          excerpt="；".join(dict.fromkeys(excerpt(passage, pairs, match) for _, match in group[:3])))

    def hidden(self, one: Hidden) -> Finding:
        """Something that is there without being seen."""
        label, advice = HIDDEN[one.rule]
        return self._finding(one, label, advice, "clean" if one.clean else "")

    def fault(self, one: Fault) -> Finding:
        """Something that could not be looked into."""
        return self._finding(one, FAULTS[one.rule], one.advice, "")

    def _finding(self, one: Hidden | Fault, label: str, advice: str, remedy: str) -> Finding:
        shown = harmless(one.words)
        told = one.words if self.secret else shown
        return Finding(key=key(self.secret, one.rule, self.field, self.seal, one.place, told), rule=one.rule, label=label,
                       severity=Severity.BLOCK, field=self.field, place=" › ".join(filter(None, (self.place, one.place))), excerpt=shown,
                       advice=advice, remedy=remedy)
