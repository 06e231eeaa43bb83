"""Word documents, sheets and pictures written by hand, honest and planted: what clerks bring, and what somebody might."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from html import escape

from PIL import Image, ImageDraw

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = " ".join((
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"', f'xmlns:r="{OFFICE}"',
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"', 'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"',
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"', 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
    'xmlns:v="urn:schemas-microsoft-com:vml"', 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'))
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
STYLES = (
    ("1", "heading 1", "<w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr>"), ("2", "heading 2", ""), ("3", "heading 3", ""), ("4", "heading 4", ""),
    ("Title", "Title", '<w:pPr><w:jc w:val="center"/></w:pPr>'), ("Mid", "居中", '<w:pPr><w:jc w:val="center"/></w:pPr>'),
    ("MidToo", "又居中", '<w:basedOn w:val="Mid"/>'), ("TOC1", "toc 1", ""), ("Ghost", "隐形", "<w:rPr><w:vanish/></w:rPr>"),
    ("Numbered", "编号一", '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>'))
#: lists by numId: 1 bullets, 2 一、（一）1., 3 1. 2. 3., 4 the same anew, 5 第1条, 6 ① with letters and Roman numbers below
LISTS = {
    1: [("bullet", "●"), ("bullet", "○")], 2: [("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")],
    3: [("decimal", "%1."), ("decimal", "%1.%2")], 4: [("decimal", "%1.")], 5: [("decimal", "第%1条")],
    6: [("decimalEnclosedCircle", "%1"), ("upperLetter", "%2)"), ("lowerRoman", "%3)"), ("decimalFullWidth", "%4．"), ("none", "")]}


def run(text: str, properties: str = "") -> str:
    """A piece of text; `properties` is the inside of w:rPr."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(text: str = "", *, style: str = "", align: str = "", number: tuple[int, int] | None = None, inner: str = "", props: str = "") -> str:
    """A paragraph; `inner` stands after its text, `props` within w:pPr."""
    facts = (f'<w:pStyle w:val="{style}"/>' if style else "") + (f'<w:jc w:val="{align}"/>' if align else "") + props
    if number:
        facts += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    return f"<w:p><w:pPr>{facts}</w:pPr>{run(text) if text else ''}{inner}</w:p>"


def cell(inner: str, *, across: int = 1, down: str = "") -> str:
    """A cell; `down` is restart or continue for cells merged downwards."""
    facts = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    facts += f'<w:vMerge w:val="{down}"/>' if down else ""
    return f"<w:tc><w:tcPr>{facts}</w:tcPr>{inner}</w:tc>"


def table(*rows: list[str], head: int = 0) -> str:
    """Rows of cells, the first `head` of them marked as headers."""
    out = []
    for at, row in enumerate(rows):
        out.append(f"<w:tr><w:trPr>{'<w:tblHeader/>' if at < head else ''}</w:trPr>{''.join(row)}</w:tr>")
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(out)}</w:tbl>"


@dataclass
class Docx:
    """A .docx in the making."""

    body: list[str] = field(default_factory=list)
    parts: dict[str, bytes] = field(default_factory=dict)
    relations: list[str] = field(default_factory=list)
    main: str = "word/document.xml"

    def add(self, *blocks: str) -> Docx:
        self.body += blocks
        return self

    def picture(self, data: bytes, *, alt: str = "", suffix: str = "png") -> str:
        """A picture's drawing, to stand in a paragraph."""
        number = len(self.relations) + 10
        self.parts[f"word/media/image{number}.{suffix}"] = data
        self.relations.append(f'<Relationship Id="rId{number}" Type="{OFFICE}/image" Target="media/image{number}.{suffix}"/>')
        return self._drawing(f'r:embed="rId{number}"', alt)

    def linked_picture(self, address: str) -> str:
        """A picture that lies elsewhere."""
        number = len(self.relations) + 10
        self.relations.append(
            f'<Relationship Id="rId{number}" Type="{OFFICE}/image" Target="{escape(address)}" TargetMode="External"/>')
        return self._drawing(f'r:link="rId{number}"', "")

    @staticmethod
    def _drawing(which: str, alt: str) -> str:
        return (f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="图片 1" descr="{escape(alt)}"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
                f"<a:blip {which}/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>")

    def link(self, text: str, address: str) -> str:
        """A link, to stand in a paragraph."""
        number = len(self.relations) + 10
        self.relations.append(
            f'<Relationship Id="rId{number}" Type="{OFFICE}/hyperlink" Target="{escape(address)}" TargetMode="External"/>')
        return f'<w:hyperlink r:id="rId{number}">{run(text)}</w:hyperlink>'

    def xml(self) -> str:
        return f"{HEAD}<w:document {NAMESPACES}><w:body>{''.join(self.body)}<w:sectPr/></w:body></w:document>"

    def members(self) -> dict[str, bytes]:
        """Every part by name, as it will be written."""
        folder, _, leaf = self.main.rpartition("/")
        styles = "".join(f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{rest}</w:style>' for key, name, rest in STYLES)
        lists = "".join(
            f'<w:abstractNum w:abstractNumId="{key}">' + "".join(
                f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
                for at, (form, text) in enumerate(levels)) + "</w:abstractNum>" for key, levels in LISTS.items())
        lists += "".join(f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>' for key in LISTS)
        lists += ('<w:num w:numId="13"><w:abstractNumId w:val="3"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>')
        texts = {
            "[Content_Types].xml": (
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="png" ContentType="image/png"/>'
                '<Default Extension="jpg" ContentType="image/jpeg"/><Default Extension="xml" ContentType="application/xml"/>'
                f'<Override PartName="/{self.main}" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'),
            "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="{self.main}"/></Relationships>',
            self.main: self.xml(),
            f"{folder}/_rels/{leaf}.rels": ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                                            f'{"".join(self.relations)}</Relationships>'),
            f"{folder}/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
            f"{folder}/numbering.xml": f"<w:numbering {NAMESPACES}>{lists}</w:numbering>",
        }
        return {name: text.encode() for name, text in texts.items()} | self.parts

    def bytes(self) -> bytes:
        return packed(self.members())


def docx(*blocks: str) -> bytes:
    """A .docx of these paragraphs and tables."""
    return Docx().add(*blocks).bytes()


def packed(members: dict[str, bytes]) -> bytes:
    """A ZIP archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb(declared: int) -> bytes:
    """A .docx whose text would inflate to that many bytes, though it is a few hundred kilobytes itself."""
    members = Docx().add(p("正文")).members()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members.items():
            if name != "word/document.xml":
                archive.writestr(name, data)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            block = b" " * 2**20
            for _ in range(declared // 2**20):
                part.write(block)
    return out.getvalue()


def lying(data: bytes, declared: int, said: int) -> bytes:
    """The same archive with every mention of a size of `declared` replaced by `said`: the directory lies."""
    return data.replace(declared.to_bytes(4, "little"), said.to_bytes(4, "little"))


def ole(*streams: str) -> bytes:
    """A compound file as far as its directory: a header, then entries of 128 bytes."""
    out = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00"))
    for stream in ("Root Entry", *streams):
        out += stream.encode("utf-16-le").ljust(128, b"\x00")
    return bytes(out)


def drawing(size: tuple[int, int] = (120, 80), form: str = "PNG", **how: object) -> bytes:
    """A chart of three colours."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill="red")
    pen.line((0, 0, *size), fill="blue")
    return written(picture, form, **how)


def photograph(size: tuple[int, int] = (160, 120), form: str = "JPEG", **how: object) -> bytes:
    """Many colours, as a camera sees them: dark on the left, light on the right, red at the top."""
    picture = Image.merge("RGB", (Image.linear_gradient("L").resize(size).rotate(180), Image.linear_gradient("L").rotate(90).resize(size),
                                  Image.radial_gradient("L").resize(size)))
    return written(picture, form, **how)


def written(picture: Image.Image, form: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()
