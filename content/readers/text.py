"""txt, csv and what else is plain text, in the encodings that offices use."""

from __future__ import annotations

import csv
import io

from content.readers.fragments import Fragment, Reading, ReadingError, grid, spreadsheet_place

LIMIT = 64 * 2**20


def decode(data: bytes) -> str | None:
    """Text in UTF-8, UTF-16 with its mark, or GB18030; None for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data:
        return None
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read(name: str, data: bytes) -> Reading:
    """A text file; a csv as a table.

    Raises:
        ReadingError: it is too large, or no text.
    """
    if len(data) > LIMIT:
        raise ReadingError("bomb", f"文本超过{LIMIT // 2**20}MB", "请拆成几个较小的文件。")
    text = decode(data)
    if text is None:
        raise ReadingError("unreadable", "不是文本，也不是认识的格式", "请转成docx、xlsx或PDF，或写明已人工检查及公开的理由。")
    table = _table(name, text)
    return Reading(kind="text", fragments=(table or Fragment(place="", text=text.replace("\r\n", "\n")),))


def _table(name: str, text: str) -> Fragment | None:
    """A csv's cells; None where it is none, or so broken that its words are better read as they stand."""
    if not name.lower().endswith((".csv", ".tsv")):
        return None
    first = text.partition("\n")[0]
    try:
        return grid("", list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first and "," not in first else ",")),
                    spreadsheet_place)
    except csv.Error:
        return None
