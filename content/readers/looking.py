"""The one door to all readers."""

from __future__ import annotations

from dataclasses import replace

from content.readers import excel, pdf, pictures, slides, text, word
from content.readers.fragments import Fault, Reading, ReadingError
from content.readers.kinds import LABELS, contradicts, kind_of, office_kind
from content.readers.packages import Package

_PACKAGED = {"docx": word.read, "xlsx": excel.read, "pptx": slides.read}
DEPTH = 2  #: archives within archives
MEMBERS = 300  #: files of an archive that are looked into
_BROKEN = "请打开检查，另存后重新上传；确认无误的，写明已人工检查及公开的理由。"
#: what cannot be looked into, and what to do about it
CLOSED = {
    "ole": "请另存为docx、xlsx、pptx或PDF后重新上传，或写明已人工检查（含属性、批注、隐藏内容）及公开的理由。",
    "ofd": "请另附PDF，或写明已人工检查及公开的理由。",
    "rar": "请改用zip，或把文件逐个上传，或写明已人工检查及公开的理由。",
    "7z": "请改用zip，或把文件逐个上传，或写明已人工检查及公开的理由。",
    "sound": "请人工听完，写明已检查及公开的理由。",
    "film": "请人工看完，写明已检查及公开的理由。",
    "program": "程序不能作为附件公开，请去掉。",
    "unknown": "请转成docx、xlsx或PDF，或写明已人工检查及公开的理由。",
}


def read_file(name: str, data: bytes, *, depth: int = 0) -> Reading:
    """What a file holds: its words with their places, what is hidden in it, what is wrong with it.

    Whatever the bytes are, it raises nothing; time and memory stay within the bounds of `packages` and `pdf`.
    """
    kind = kind_of(data)
    try:
        reading = _read(name, data, kind, depth)
    except ReadingError as error:
        reading = Reading(kind=kind, faults=(error.fault,))
    except Exception as error:  # noqa: BLE001  # damaged files make libraries raise anything
        # by its name alone: its words may quote the file
        fault = Fault(rule="malformed", place="", words=f"文件损坏，读不下去（{type(error).__name__}）", advice=_BROKEN)
        reading = Reading(kind=kind, faults=(fault,))
    if contradicts(name, reading.kind) and not any(one.rule in ("encrypted", "bomb", "malformed") for one in reading.faults):
        wrong = Fault(rule="wrong-type", place="", words=f"实际是{LABELS.get(reading.kind, reading.kind)}，与文件名的后缀不符",
                      advice="请按实际格式改名，或换成正确的文件。")
        reading = replace(reading, faults=(wrong, *reading.faults))
    return reading


def _read(name: str, data: bytes, kind: str, depth: int) -> Reading:
    if kind == "zip":
        package = Package(data)
        kind = office_kind(package.names)
        if kind != "ofd":
            return _PACKAGED[kind](package) if kind in _PACKAGED else _archive(package, depth)
    return _plain(name, data, kind)


def _plain(name: str, data: bytes, kind: str) -> Reading:
    match kind:
        case "pdf":
            return pdf.read(data)
        case "picture":
            return pictures.read(data)
        case "text":
            return text.read(name, data)
        case "ole" if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadingError("encrypted", "文件已加密，无法检查", "请取消密码后重新上传。")
        case _:
            return Reading(kind=kind, faults=(Fault(rule="unreadable", place="", words=f"{LABELS[kind]}，无法检查其中的内容",
                                                    advice=CLOSED[kind]),))


def _archive(package: Package, depth: int) -> Reading:
    """An archive's members, one by one, as if each had been uploaded."""
    if depth >= DEPTH:
        raise ReadingError("bomb", f"压缩包套了{depth + 1}层", "请解开后把文件逐个上传。")
    if len(package.names) > MEMBERS:
        raise ReadingError("bomb", f"压缩包里有{len(package.names)}个文件", f"请拆成不超过{MEMBERS}个文件的压缩包。")
    parts: list[Reading] = []
    for info in package.members:
        shown = info.filename if info.flag_bits & 0x800 else _renamed(info.filename)
        try:
            inner = read_file(shown, package.read(info.filename), depth=depth + 1)
        except ReadingError as error:
            inner = Reading(kind="unknown", faults=(error.fault,))
        parts.append(_inside(shown, inner))
    return Reading(kind="zip", fragments=tuple(one for part in parts for one in part.fragments),
                   hidden=tuple(one for part in parts for one in part.hidden),
                   faults=tuple(one for part in parts for one in part.faults))


def _renamed(name: str) -> str:
    """Windows writes Chinese names in GBK and says nothing about it."""
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def _inside(name: str, inner: Reading) -> Reading:
    def place(of: str) -> str:
        return f"压缩包内“{name}”" + (f" › {of}" if of else "")

    return Reading(kind=inner.kind, fragments=tuple(replace(one, place=place(one.place)) for one in inner.fragments),
                   hidden=tuple(replace(one, place=place(one.place), clean=False) for one in inner.hidden),
                   faults=tuple(replace(one, place=place(one.place)) for one in inner.faults))
