"""Builds office files by hand, with what people leave in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape

from PIL import ExifTags, Image

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
#: an identity number that nobody has: its sequence is 000
SECRET = "430104199001010007"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def relations(*targets: tuple[str, str, bool]) -> str:
    """(id, target, whether outside) as a part of relations."""
    return (f'<Relationships xmlns="{RELATIONS}">'
            + "".join(f'<Relationship Id="{name}" Type="x" Target="{escape(target)}"{" TargetMode=" + chr(34) + "External" + chr(34) if outside else ""}/>' for name, target, outside in targets)
            + "</Relationships>")


def properties(author: str) -> str:
    """docProps/core.xml."""
    return ('<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy></cp:coreProperties>")


def docx(body: str = "<w:p><w:r><w:t>街道工作动态</w:t></w:r></w:p>", extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word document with this WordprocessingML as its body."""
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>', **(extra or {})})


def cell(address: str, text: str) -> str:
    """A cell of words."""
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def sheet(rows: str, columns: str = "") -> str:
    """A worksheet's XML."""
    return f'<worksheet xmlns="{S}">{columns}<sheetData>{rows}</sheetData></worksheet>'


PLAIN = sheet(f'<row r="1">{cell("A1", "项目")}{cell("B1", "金额")}</row><row r="2">{cell("A2", "绿化")}<c r="B2"><v>1200</v></c></row>')


def xlsx(sheets: Mapping[str, str] | None = None, *, states: Mapping[str, str] | None = None, names: str = "", extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook of these sheets, by name."""
    sheets = sheets or {"汇总": PLAIN}
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}" state="{(states or {}).get(name, "visible")}"/>' for n, name in enumerate(sheets, 1))
    return packed({
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{listed}</sheets><definedNames>{names}</definedNames></workbook>',
        "xl/_rels/workbook.xml.rels": relations(*((f"r{n}", f"worksheets/sheet{n}.xml", False) for n in range(1, len(sheets) + 1))),
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in enumerate(sheets.values(), 1)}, **(extra or {})})


def slide(*paragraphs: str, show: str = "1") -> str:
    """A slide's XML."""
    words = "".join(f"<a:p><a:r><a:t>{escape(one)}</a:t></a:r></a:p>" for one in paragraphs)
    return f'<p:sld xmlns:p="{P}" xmlns:a="{A}" show="{show}"><p:cSld><p:spTree><p:sp><p:txBody>{words}</p:txBody></p:sp></p:spTree></p:cSld></p:sld>'


def pptx(*slides: str, extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """A presentation of these slides."""
    slides = slides or (slide("街道工作动态"),)
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="r{n}"/>' for n in range(1, len(slides) + 1))
    return packed({
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(*((f"r{n}", f"slides/slide{n}.xml", False) for n in range(1, len(slides) + 1))),
        **{f"ppt/slides/slide{n}.xml": content for n, content in enumerate(slides, 1)}, **(extra or {})})


def pdf(content: str = "", *, info: str = "", catalog: str = "", page: str = "", objects: tuple[str, ...] = ()) -> bytes:
    """A PDF of one page in Helvetica; `objects` begin at number 7."""
    content = content or "BT /F1 12 Tf 72 700 Td (Notice 2024) Tj ET"
    parts = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
             f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> {page} >>",
             f"<< /Length {len(content)} >>\nstream\n{content}\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", f"<< {info} >>", *objects]
    out, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return out + f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(parts) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(out)}\n%%EOF".encode()


def photograph(kind: str = "JPEG", *, place: bool = True, turned: int = 1) -> bytes:
    """A picture as a telephone writes it."""
    exif = Image.Exif()
    if turned != 1:
        exif[ExifTags.Base.Orientation] = turned
    if place:
        exif[ExifTags.Base.Model] = "Phone 12"
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: (28.0, 11.0, 30.0),
                                                   ExifTags.GPS.GPSLongitudeRef: "E", ExifTags.GPS.GPSLongitude: (112.0, 57.0, 0.0)})
    out = io.BytesIO()
    Image.new("RGB", (16, 8), "teal").save(out, kind, exif=exif)
    return out.getvalue()
