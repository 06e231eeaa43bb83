"""Kinds of files an office publishes: what a name promises, what the bytes are, and the refusal of what is neither."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib

#: attachments by suffix; 47号 asks for common formats
MEDIA_TYPES = {
    ".csv": "text/csv", ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".json": "application/json", ".mp3": "audio/mpeg",
    ".mp4": "video/mp4", ".ofd": "application/ofd", ".pdf": "application/pdf", ".png": "image/png",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".rar": "application/vnd.rar", ".txt": "text/plain", ".wps": "application/vnd.ms-works", ".et": "application/vnd.ms-excel",
    ".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
FILE_LIMIT = 50 * 2**20  #: bytes of one image or attachment

#: what bytes may be: a Chinese name, and the suffixes under which they are published (none: they are not)
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "docx": ("Word 文档", (".docx",)), "xlsx": ("Excel 工作簿", (".xlsx",)), "pptx": ("PowerPoint 演示文稿", (".pptx",)),
    "doc": ("旧版 Word 或 WPS 文字文档", (".doc", ".wps")), "xls": ("旧版 Excel 或 WPS 表格", (".xls", ".et")),
    "ppt": ("旧版 PowerPoint 演示文稿", (".ppt",)), "ole": ("旧版 Office 类文件", ()), "odf": ("OpenDocument 文件", ()),
    "pdf": ("PDF 文件", (".pdf",)), "ofd": ("OFD 版式文件", (".ofd",)), "zip": ("ZIP 压缩包", (".zip",)), "rar": ("RAR 压缩包", (".rar",)),
    "7z": ("7z 压缩包", ()), "png": ("PNG 图片", (".png",)), "jpeg": ("JPEG 图片", (".jpg", ".jpeg")), "gif": ("GIF 图片", (".gif",)),
    "webp": ("WebP 图片", ()), "mp3": ("MP3 音频", (".mp3",)), "mp4": ("MP4 视频", (".mp4",)),
    "text": ("纯文本", (".txt", ".csv", ".json")),
    "html": ("网页或脚本（HTML、SVG、XML）", ()), "executable": ("可执行程序或脚本", ()), "data": ("无法识别的数据", ()),
}
#: suffixes of what runs when it is opened
EXECUTABLE = frozenset({
    ".apk", ".app", ".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk", ".msi", ".ps1", ".py", ".reg",
    ".scr", ".sh", ".url", ".vbe", ".vbs", ".wsf"})

_SIGNATURES = (
    (b"%PDF-", "pdf"), (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"ID3", "mp3"), (b"\xff\xfb", "mp3"), (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"), (b"MZ", "executable"), (b"\x7fELF", "executable"), (b"#!", "executable"), (b"\xca\xfe\xba\xbe", "executable"),
    (b"\xcf\xfa\xed\xfe", "executable"), (b"\xce\xfa\xed\xfe", "executable"), (b"L\x00\x00\x00\x01\x14\x02\x00", "executable"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
#: what a browser takes for a page or a program where it looks into a file instead of at its type
_ACTIVE = re.compile(
    r"\A\s*(?:<!--.*?-->\s*)*+<(?:!doctype|\?xml|html|head|body|svg|script)\b|<(?:script|iframe|svg|html|object|embed)[\s/>]",
    re.IGNORECASE | re.DOTALL)
#: the main part's type, and the folder where it mostly lies (ECMA-376 Part 1)
_OOXML = ((b"wordprocessingml.document.main+xml", "word/", "docx"), (b"spreadsheetml.sheet.main+xml", "xl/", "xlsx"),
          (b"presentationml.presentation.main+xml", "ppt/", "pptx"))
_SNIFFED = 4096  #: characters of a text that are searched; browsers look at 1,445 bytes
_MEMBERS = 5000  #: of an archive
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  #: what office programs use
#: what an archive raises that is broken or lies
UNPACKING = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, struct.error)


class FileError(ValueError):
    """A file that cannot be taken. Its text is Chinese, for the person who brought it: which file, what it is, what to do.

    `code` is a slug that never changes: empty, too-large, mismatch, unknown, executable, active, macro, encrypted, zip-bomb, damaged …
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def suffix(name: str) -> str:
    """The suffix of a file's name in small letters, with its dot; empty where it has none."""
    head, dot, tail = name.rpartition(".")
    return f".{tail.lower()}" if dot and head else ""


def picture_type(data: bytes) -> str | None:
    """The media type of a picture by its first bytes; None for anything else, whatever its name says."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def true_type(name: str, data: bytes) -> str:
    """The media type of an attachment whose name and bytes agree.

    Raises:
        FileError: it is no kind that is published, its bytes are of another kind than its name says, it runs, holds macros or is
            encrypted.
    """
    check_size(name, data, FILE_LIMIT)
    if suffix(name) in EXECUTABLE:
        raise FileError("executable", f"“{name}”是程序或脚本，不能作为附件公开。")
    if suffix(name) not in MEDIA_TYPES:
        raise FileError("unknown", f"“{name}”：不公开这种格式的附件。可用的格式有 {'、'.join(sorted(MEDIA_TYPES))}，请转换后再上传。")
    kind = kind_of(name, data)
    called, suffixes = KINDS[kind]
    if suffix(name) in suffixes:
        return MEDIA_TYPES[suffix(name)]
    if kind in ("executable", "html"):
        code = "active" if kind == "html" else kind
        raise FileError(code, f"“{name}”的内容其实是{called}，打开时会运行，不能上传。请向提供文件的人核实来源。")
    mend = f"请把扩展名改为 {suffixes[0]}，或换成正确的文件。" if suffixes else "请用原来的软件打开，另存为 .docx、.xlsx 或 .pdf 后再上传。"
    raise FileError("mismatch", f"“{name}”的扩展名是 {suffix(name)}，内容却是{called}。{mend}")


def kind_of(name: str, data: bytes) -> str:
    """Which of KINDS the bytes are, whatever the name says; `name` is for messages only.

    Raises:
        FileError: an Office file with macros or a password, or an archive that cannot be listed.
    """
    picture = picture_type(data)
    if picture:
        return picture.removeprefix("image/")
    if data.startswith(_ZIP):
        return _zip_kind(name, data)
    if data.startswith(_OLE):
        return _ole_kind(name, data)
    if data[4:8] == b"ftyp":
        return "mp4"
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    return _text_kind(name, data)


def check_size(name: str, data: bytes, limit: int) -> None:
    """Refuse a file that is empty or has more than `limit` bytes.

    Raises:
        FileError: it is so.
    """
    if not data:
        raise FileError("empty", f"“{name}”是空文件，没有内容。请重新选择。")
    if len(data) > limit:
        raise FileError("too-large", f"“{name}”有 {len(data) / 2**20:.1f} MB，超过 {limit // 2**20} MB 的上限。请缩小或拆分后再上传。")


def macro_error(name: str) -> FileError:
    """What is said of every file with macros."""
    return FileError("macro", f"“{name}”含有宏（程序），不能上传。请在 Word 或 Excel 中另存为不含宏的 .docx 或 .xlsx 格式。")


def encrypted_error(name: str) -> FileError:
    """What is said of every file that needs a password."""
    return FileError("encrypted", f"“{name}”设有打开密码，无法检查内容。请取消密码后再上传。")


def damaged_error(name: str, what: str = "文件") -> FileError:
    """What is said of every file that does not hold together."""
    return FileError("damaged", f"“{name}”已损坏或不完整，不是可以打开的{what}。请用原来的软件打开、另存后再上传。")


def _listed(name: str, data: bytes) -> tuple[list[zipfile.ZipInfo], bytes]:
    """The members of an archive, and what an Office package says of its parts; nothing else is inflated."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            said = next((one for one in members if one.filename == "[Content_Types].xml" and one.compress_type in PACKINGS), None)
            if said is None or len(members) > _MEMBERS:
                return members, b""
            with archive.open(said) as part:
                return members, part.read(2**20)
    except UNPACKING:
        raise damaged_error(name, "压缩包或 Office 文档") from None


def _zip_kind(name: str, data: bytes) -> str:
    """By the names within, and by what the package says of itself."""
    members, said = _listed(name, data)
    names = [member.filename for member in members]
    if len(members) > _MEMBERS:
        raise FileError("zip-bomb", f"“{name}”里有 {len(members):,} 个文件，超过 {_MEMBERS:,} 个的上限。请拆分后再上传。")
    if any(one.lower().endswith("vbaproject.bin") for one in names) or b"macroenabled" in said.lower():
        raise macro_error(name)
    if any(member.flag_bits & 1 for member in members):
        raise encrypted_error(name)
    if said:
        return next((kind for main, folder, kind in _OOXML if main in said or any(one.startswith(folder) for one in names)), "zip")
    if "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names:
        return "executable"
    inside = next((one for one in names if suffix(one) in EXECUTABLE), None)
    if inside is not None:
        raise FileError("executable", f"“{name}”里有程序或脚本“{inside.rpartition('/')[2]}”，不能上传。请去掉后重新打包。")
    return "ofd" if "OFD.xml" in names else "odf" if "mimetype" in names else "zip"


def _ole_kind(name: str, data: bytes) -> str:
    """By the names in the compound file's directory: entries of 128 bytes that begin with their name in UTF-16 (MS-CFB 2.6.1)."""
    def has(entry: str) -> bool:
        wanted = entry.encode("utf-16-le") + b"\x00\x00"
        at = data.find(wanted, 512)
        while at >= 0 and at % 128:
            at = data.find(wanted, at + 1)
        return at >= 0

    if has("EncryptedPackage"):
        raise encrypted_error(name)
    if has("_VBA_PROJECT") or has("_VBA_PROJECT_CUR") or has("Macros"):
        raise macro_error(name)
    streams = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt"))
    return next((kind for stream, kind in streams if has(stream)), "ole")


def _text_kind(name: str, data: bytes) -> str:
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if re.search("[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
            continue
        if _ACTIVE.search(text[:_SNIFFED]):
            return "html"
        if suffix(name) == ".json":
            _check_json(name, text)
        return "text"
    return "data"


def _check_json(name: str, text: str) -> None:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        raise damaged_error(name, " JSON 数据文件") from None
