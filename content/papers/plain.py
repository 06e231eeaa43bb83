"""Plain text: bytes of unknown encoding read as text, and text made into a body where no editor runs."""

from __future__ import annotations

import re
from html import escape

from content.html import sanitise
from content.items import IMPOSSIBLE, UNPRINTABLE
from content.media import FileError, check_size

TEXT_LIMIT = 5 * 2**20  #: bytes

_LINE = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")


def decode(data: bytes, *, name: str = "文本文件") -> str:
    """The text of a file: UTF-8 with or without a mark, UTF-16 with one, or GB18030, as Windows writes it in China.

    Raises:
        FileError: too large, or in no encoding we know.
    """
    check_size(name, data, TEXT_LIMIT)
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not IMPOSSIBLE.search(text.replace("\x0b", "\n").replace("\x0c", "\n")):
            return text
    raise FileError("not-text", f"“{name}”不是纯文本，或编码无法识别。请用记事本打开，另存为 UTF-8 编码后再上传。")


def paragraphs(text: str) -> str:
    """A text area's text as a body: a paragraph a line, markup shown as it was typed. Indents by blanks are the page's business."""
    lines = (line.strip(" \t\u3000\xa0") for line in _LINE.split(UNPRINTABLE.sub("", _LINE.sub("\n", text))))
    return sanitise("".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line))
