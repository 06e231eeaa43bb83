"""Setting type: the fonts at hand, what they can show, and Typst. Knows nothing of what is set.

Only fonts that come with the program (Noto Serif SC, Noto Sans SC) or that the office has put in a folder of its own are
used, never those that a machine happens to have: the same words give the same bytes everywhere.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import typst
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import serif_path

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
#: the faces of 公文 by role, best first; an office's own come before the packaged one, which is last and always there
FACES: dict[str, tuple[str, ...]] = {
    "song": ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", SERIF),  # 小标宋: titles
    "fang": ("仿宋_GB2312", "FangSong_GB2312", "方正仿宋_GBK", "FZFangSong-Z02", "仿宋", "FangSong", "STFangsong", "FandolFang", SERIF),
    "hei": ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", "FandolHei", SANS),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "方正楷体_GBK", "FZKai-Z03", "楷体", "KaiTi", "FandolKai", "LXGW WenKai", SANS),
}

#: one page of a document as it is, and no margin
PAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(read("document.pdf", encoding: none), format: "pdf", page: json(bytes(sys.inputs.page)))
"""


@runtime_checkable
class SetsType(Protocol):
    """A channel that sets type."""

    setter: Typesetter


class FontError(ValueError):
    """A folder of fonts that holds none."""


class TypesettingError(RuntimeError):
    """Typst could not set the document."""


class Typesetter:
    """One Typst compiler with its fonts loaded. One document at a time; others wait.

    Raises:
        FontError: the office's folder is missing or holds no font.
    """

    def __init__(self, font_dir: Path | None = None) -> None:
        folders = [serif_path().parent] + ([font_dir] if font_dir else [])
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(f) for f in folders])
        self._paths = {font.family.casefold(): (font.family, font.path, font.index) for font in self._fonts.fonts()}
        if font_dir and len(self._paths) < 3:
            raise FontError(f"{font_dir} holds no font that can be read (.ttf, .otf, .ttc)")
        self._compiler = typst.Compiler(font_paths=self._fonts, ignore_system_fonts=True)
        self._lock = threading.Lock()

    @cached_property
    def faces(self) -> dict[str, list[str]]:
        """The families of each role, in the order in which a glyph is looked for."""
        body = self._best("fang")
        return {role: list(dict.fromkeys((self._best(role), SERIF if role in ("song", "fang") else SANS, SERIF, SANS, body)))
                for role in FACES}

    def has(self, role: str) -> bool:
        """Whether the office has a face of its own for a role; else a packaged one stands in."""
        return self._best(role) != FACES[role][-1]

    def _best(self, role: str) -> str:
        return next(self._paths[name.casefold()][0] for name in FACES[role] if name.casefold() in self._paths)

    @cached_property
    def _shown(self) -> frozenset[int]:
        """Code points that every role can show: those of the packaged fonts and of the body's face."""
        found: set[int] = set()
        for family in {SERIF, SANS, self._best("fang")}:
            _, path, index = self._paths[family.casefold()]
            if path is None:
                raise FontError(f"the font {family} has no file")
            with TTFont(path, fontNumber=index, lazy=True) as font:
                found.update(font.getBestCmap())
        return frozenset(found)

    def missing(self, text: Iterable[str]) -> list[str]:
        """The characters that would print as a box, each once, in order."""
        return list(dict.fromkeys(c for c in text if ord(c) not in self._shown and c not in "\n "))

    def pages(self, source: bytes, inputs: Mapping[str, Any]) -> int:
        """How many pages a document has; nothing is drawn.

        Raises:
            TypesettingError: see the message.
        """
        out = self._compile(source, inputs, format="png", ppi=1.0)
        return len(out) if isinstance(out, list) else 1

    def pdf(self, source: bytes, inputs: Mapping[str, Any], *, dated: date, root: Path | None = None) -> bytes:
        """A document as PDF/A-2a, readable aloud (PDF/UA-1). The same arguments give the same bytes.

        Args:
            source: Typst.
            inputs: values that become JSON, read there by `json(bytes(sys.inputs.<name>))`; text in them is never markup.
            dated: the day the file says it was made.
            root: the folder of the pictures it names.
        """
        stamp = datetime.combine(dated, time(), UTC)
        out = self._compile(source, inputs, format="pdf", timestamp=stamp, pdf_standards=["a-2a", "ua-1"], root=root)
        if not isinstance(out, bytes):
            raise TypesettingError("Typst made no PDF")
        return out

    def pictures(self, pdf: bytes, *, ppi: float = 110.0) -> list[bytes]:
        """The pages of a PDF as PNG, for where a browser shows no PDF; of the very file, and not set anew.

        Raises:
            TypesettingError: it is no PDF, or not whole.
        """
        with tempfile.TemporaryDirectory(prefix="gongkai-pages-") as root:
            Path(root, "document.pdf").write_bytes(pdf)
            out: list[bytes] = []
            while True:
                try:
                    found = self._compile(PAGE, {"page": len(out) + 1}, format="png", ppi=ppi, root=Path(root))
                except TypesettingError as error:
                    if out and "does not exist" in str(error):  # Typst counts no pages, but says which is none
                        return out
                    raise
                out += [found] if isinstance(found, bytes) else found or []

    def _compile(self, source: bytes, inputs: Mapping[str, Any], **options: Any) -> bytes | list[bytes] | None:
        texts = {name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()}
        try:
            with self._lock:
                return self._compiler.compile(input=source, sys_inputs=texts, **options)
        except typst.TypstError as error:
            raise TypesettingError("; ".join([error.message, *error.hints])) from error


@lru_cache(maxsize=8)
def typesetter(font_dir: Path | None = None) -> Typesetter:
    """The one typesetter of a folder of fonts: loading them takes longer than setting a page."""
    if font_dir and not font_dir.is_dir():
        raise FontError(f"{font_dir} is no folder")
    return Typesetter(font_dir)
