"""A Word document (.docx) turned into the beginnings of an item: words, headings, lists, tables, pictures and links are kept."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, BinaryIO
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree

from content.html import image_names, sanitise, text
from content.media import FileError, damaged_error
from content.papers import letter
from content.papers.numbering import write_out
from content.papers.package import Package, parse_xml
from content.papers.paper import Paper, Picture
from content.papers.pictures import clean_picture
from content.papers.tidy import tidy
from content.papers.wordml import STRICT, Element, Styles, W
from content.papers.wordprep import MARKS, mark_headings, prepare, running_heads, take_head
from content.papers.wordthin import thin
from content.records import BODY_LIMIT

XML_LIMIT = 10 * 2**20  #: bytes of the main part: some thousand pages
ELEMENTS = 400_000  #: of the main part; two hundred pages have a quarter of it
PICTURES = 200  #: of one document
#: what Word and its like write where nobody has described a picture
_NO_WORDS = re.compile(r"(?:图片|图像|图形|picture|image|pic|img|截图|微信图片)?[\s_\-0-9.()（）]*(?:\.(?:png|jpe?g|gif|bmp|emf|wmf))?"
                       r"|[a-z]:\\.*|.*[\\/][^\\/]*\.\w{2,5}|.*\.(?:png|jpe?g|gif|bmp|tiff?)"
                       r"|(?:a )?(?:picture|image|screen ?shot) .*|descript?", re.IGNORECASE)
#: headings by our marks, lists five levels deep; the converter's own map asks every paragraph fifty questions more
_STYLES = "\n".join([
    *(f"p.{name} => h{level}:fresh" for level, name in MARKS.items()),
    *(f"p:{kind}-list({level}) => {'ul|ol > li > ' * (level - 1)}{tag} > li:fresh"
      for level in range(1, 6) for kind, tag in (("unordered", "ul"), ("ordered", "ol"))),
    "r[style-name='Strong'] => strong", "u => u", "strike => del"])
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "[Content_Types].xml"
#: what the converter raises for a document that is well-formed XML and yet no Word document
_TROUBLES = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, NotImplementedError, ExpatError, RecursionError)


def read_word(data: bytes, *, name: str = "文档.docx") -> Paper:
    """A .docx as a Paper.

    Raises:
        FileError: it is no .docx, has macros or a password, is damaged, empty, or beyond all measure.
    """
    package = Package(data, name=name, kind="docx")
    main = _main_part(package)
    root = _tree(package, main, limit=XML_LIMIT)
    body = None if root is None else root.find(W + "body")
    if root is None or body is None:
        raise damaged_error(name, " Word 文档")
    folder = posixpath.dirname(main)
    if sum(1 for _ in root.iter()) > ELEMENTS:
        raise FileError("too-long", f"“{name}”太长或格式过于繁杂，无法转换。请拆分，或把长表格作为附件上传。")
    styles = Styles(_tree(package, f"{folder}/styles.xml"))
    notes = list(prepare(root, styles))
    write_out(root.iter(W + "p"), _tree(package, f"{folder}/numbering.xml"), styles)
    head = take_head(body, styles)
    mark_headings(body, styles)
    thin(root)
    notes += _about_head(head)
    heads = [found for part in sorted(package.names) if re.fullmatch(rf"{re.escape(folder)}/(?:header|footer)\d*\.xml", part)
             if (found := _tree(package, part)) is not None]
    if running_heads(heads):
        notes.append("页眉、页脚里的文字未带入。")
    pictures = _Pictures(name)
    converted, said = _convert(name, _for_converter(package, main, root), pictures)
    notes += [*said, *pictures.notes()]
    clean, more = tidy(converted)
    return _paper(name, clean, head, pictures.kept, [*notes, *more])


def _paper(name: str, clean: str, head: letter.Head, pictures: list[Picture], notes: list[str]) -> Paper:
    body = sanitise(clean)
    if not text(body).strip() and not pictures:
        raise FileError("empty", f"“{name}”里没有正文。请确认选对了文件。")
    if len(body) > BODY_LIMIT:
        raise FileError("too-long", f"“{name}”的正文有 {len(body):,} 个字符，超过 {BODY_LIMIT:,} 的上限。请把长表格或附录作为附件上传。")
    lines = text(body).split("\n")
    shown = set(image_names(body))
    return Paper(
        title=head.title, body=body, images=tuple(one for one in pictures if one.name in shown), document_number=head.document_number,
        made_on=letter.made_on(lines), attachments_named=letter.attachments_named(lines), notes=tuple(dict.fromkeys(notes)))


def _about_head(head: letter.Head) -> Iterator[str]:
    if head.letterhead:
        yield f"版头“{head.letterhead}”未带入正文。"
    if not head.title:
        yield "没有认出标题，请补写。"


def _main_part(package: Package) -> str:
    """The main part, by the package's relations (ECMA-376 Part 2, §9.3)."""
    relations = _tree(package, "_rels/.rels")
    for one in [] if relations is None else relations.iter(_RELATION):
        if one.get("Type", "").endswith("/officeDocument"):
            part = one.get("Target", "").lstrip("/")
            if part in package.names:
                return part
    return "word/document.xml"


def _tree(package: Package, part: str, *, limit: int | None = None) -> Element | None:
    if part not in package.names:
        return None
    data = package.read(part)
    if limit is not None and len(data) > limit:
        raise FileError("too-long", f"“{package.name}”的正文展开后有 {len(data) / 2**20:.0f} MB，太长了。请拆分，或把长表格作为附件上传。")
    for strict, usual in STRICT if b"purl.oclc.org/ooxml" in data else ():
        data = data.replace(strict.encode(), usual.encode())
    return parse_xml(data, package.name)


def _for_converter(package: Package, main: str, root: Element) -> bytes:
    """A package of our own making, with nothing in it but what the converter is to see: every XML part read and written anew."""
    folder = posixpath.dirname(main)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("_rels/.rels", (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.'
            'openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'))
        archive.writestr("word/document.xml", etree.tostring(root, encoding="utf-8"))
        _copy(package, _TYPES, archive, _TYPES)
        _copy(package, f"{folder}/_rels/{posixpath.basename(main)}.rels", archive, "word/_rels/document.xml.rels")
        for part in ("styles", "numbering", "footnotes", "endnotes"):
            _copy(package, f"{folder}/{part}.xml", archive, f"word/{part}.xml")
            _copy(package, f"{folder}/_rels/{part}.xml.rels", archive, f"word/_rels/{part}.xml.rels")
        for part in sorted(package.names):
            if part.startswith(f"{folder}/media/"):
                archive.writestr(f"word/media/{part.removeprefix(f'{folder}/media/')}", package.read(part))
            elif part.startswith("media/"):
                archive.writestr(part, package.read(part))
    return out.getvalue()


def _copy(package: Package, part: str, archive: zipfile.ZipFile, to: str) -> None:
    if (tree := _tree(package, part)) is not None:
        archive.writestr(to, etree.tostring(tree, encoding="utf-8"))


def _convert(name: str, data: bytes, pictures: _Pictures) -> tuple[str, list[str]]:
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, include_default_style_map=False, include_embedded_style_map=False,
            external_file_access=False, convert_image=pictures.take)
    except _TROUBLES as error:
        if isinstance(error, FileError):
            raise
        raise damaged_error(name, " Word 文档") from None
    said = " ".join(message.message for message in result.messages)
    notes = []
    if "external" in said.casefold():
        notes.append("有链接到外部文件的图片，未带入；请把图片插入文档后再上传。")
    if "w:sym" in said:
        notes.append("有特殊字体的符号无法识别，已略去，请核对。")
    return str(result.value), notes


class _Pictures:
    """The pictures of a document in the order in which they stand."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.kept: list[Picture] = []
        self._names: dict[bytes, Picture] = {}
        self._notes: list[str] = []
        self._seen = 0

    def take(self, image: Any) -> list[Any]:
        """Called by the converter for each picture: an <img>, or nothing where it cannot be shown."""
        self._seen += 1
        if self._seen > PICTURES:
            raise FileError("too-many", f"“{self.document}”里的图片超过 {PICTURES} 张。请删减，或把图集作为附件上传。")
        try:
            opened: AbstractContextManager[BinaryIO] = image.open()
            with opened as stream:
                data = stream.read()
        except KeyError:
            self._notes.append(f"第 {self._seen} 张图片在文档里缺失，未带入。")
            return []
        if data not in self._names:
            try:
                clean = clean_picture(f"图{self._seen}.png", data)
            except FileError as error:
                self._notes.append(f"第 {self._seen} 张图片不能使用，未带入：{_kind(data) or error}")
                return []
            words = (image.alt_text or "").strip()
            alt = "" if _NO_WORDS.fullmatch(words) else words[:200]
            self._names[data] = Picture(name=clean.name, data=clean.data, media_type=clean.media_type, alt=alt)
            self.kept.append(self._names[data])
            self._notes += clean.notes
        kept = self._names[data]
        return [mammoth.html.element("img", {"src": kept.name, "alt": kept.alt})]

    def notes(self) -> list[str]:
        wordless = [one.name for one in self.kept if not one.alt]
        return [*self._notes, *([f"图片 {'、'.join(wordless)} 没有文字说明（替代文字），请补写。"] if wordless else [])]


def _kind(data: bytes) -> str:
    """The drawing formats of Windows, which no browser shows."""
    emf, wmf = data[40:44] == b" EMF", data[:4] in (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00")
    return "是 EMF 或 WMF 格式，网页不能显示；请在 Word 中右键“另存为图片”，选 PNG 后重新插入。" if emf or wmf else ""
