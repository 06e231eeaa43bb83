"""公告栏: a sheet of paper. The program makes the PDF; a person puts it up and says so, and only then is it disclosed.

A sheet cannot be taken down by a program either: `withdraw` is no power of this channel, and a withdrawal waits for a person.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import quote

from channels.base import Errand, Limits, Rendition, Scene, Setting, Shown
from channels.board import preview
from channels.board.pictures import PictureError, prepare
from channels.board.press import PAPERS, Printing, check_fit, days_of, print_pdf
from channels.board.words import MAX_CHARACTERS, check_glyphs, check_length, count, sheet_number, words_of
from channels.errors import ConfigurationError, PermanentError, TransientError, UnsuitableError
from channels.shelf import Shelf, ShelfError
from channels.typesetting import FontError, Typesetter, TypesettingError, typesetter
from content.accounts import Checkup
from content.catalogue import Blobs
from content.deliveries import Posting
from content.index_numbers import slug
from content.items import Edition
from content.offices import Office
from content.seals import canonical

OPTIONS = frozenset({"path", "paper", "font_dir"})
KEY = re.compile(r"(?P<index_number>[^#@]+)#(?P<edition>\d+):[a-z]+@.+", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Board:
    """One bulletin board: a folder of PDF sheets from which a person prints."""

    kind: ClassVar[str] = "board"
    label: ClassVar[str] = "公告栏"
    limits: ClassVar[Limits] = Limits(text=MAX_CHARACTERS, count=count)

    name: str
    office: Office
    folder: Path
    own_folder: bool  #: it may be made if it is missing; else it is somebody's disk, and missing means not mounted
    paper: str  #: a4, a3
    setter: Typesetter

    @classmethod
    def from_setting(cls, setting: Setting) -> Self:
        """Options: `path` (default board, under GONGKAI_HOME), `paper` (a4, a3), `font_dir` (the office's own fonts).

        Raises:
            ConfigurationError: an option is unknown or wrong.
        """
        options = setting.options
        at = f"channel {setting.name!r}"
        if strangers := sorted(set(options) - OPTIONS):
            raise ConfigurationError(f"{at}: unknown option {', '.join(strangers)}; a board takes {', '.join(sorted(OPTIONS))}")
        for name, value in options.items():
            if not isinstance(value, str) or not value.strip():
                raise ConfigurationError(f"{at}: {name} = {value!r} is no text")
        paper = options.get("paper", "a4").lower()
        if paper not in PAPERS:
            raise ConfigurationError(f"{at}: paper = {paper!r}; use {' or '.join(PAPERS)}")
        path = Path(options.get("path", "board"))
        try:
            setter = typesetter(setting.home / options["font_dir"] if "font_dir" in options else None)
        except FontError as error:
            raise ConfigurationError(f"{at}: font_dir: {error}") from error
        return cls(name=setting.name, office=setting.office, folder=setting.home / path, own_folder=not path.is_absolute(), paper=paper,
                   setter=setter)

    def render(self, edition: Edition) -> Rendition:
        """The words of the sheet as canonical JSON.

        Raises:
            UnsuitableError: a character would print as a box, a picture or table cannot be printed, or it is too long.
        """
        try:
            words = words_of(edition, self.office)
            check_length(words)
            check_glyphs(words, self.setter)
            check_fit(words, self.setter)
        except UnsuitableError as error:
            raise UnsuitableError(f"{edition.index_number}：{error}") from None
        except TypesettingError as error:
            raise UnsuitableError(f"{edition.index_number}：这条信息排不成张贴单；请简化正文里的表格和列表") from error
        return Rendition(body=canonical(words).decode(), media_type="application/json", images=edition.images,
                         attachments=edition.attachments)

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        """Lay the sheet into the folder. It says the same however often this is repeated: for how many days it hangs, and not from when.

        Raises:
            TransientError: the folder takes nothing now.
            PermanentError: a picture cannot be printed.
        """
        return self._lay(rendition, errand, replaces="")

    def amend(self, posting: Posting, rendition: Rendition, *, errand: Errand) -> Posting:
        """Lay a new sheet, marked 更正, that names the one it replaces; people swap them. Raises as `post` does."""
        return self._lay(rendition, errand, replaces=posting.ref)

    def find(self, *, errand: Errand) -> Posting | None:
        """The sheet of that delivery, if it lies whole in the folder.

        Raises:
            TransientError: the folder cannot be read now.
        """
        match = KEY.fullmatch(errand.key)
        if match is None:
            raise ValueError(f"{errand.key!r} is no key of a delivery")
        ref = sheet_number(match["index_number"], int(match["edition"]))
        days = self._lies(ref)
        return None if days is None else Posting(ref=ref, live=False, days=days)

    def check(self, now: datetime) -> Checkup:
        """The folder can be written, and the faces are those the office means to use.

        Raises:
            TransientError: the folder takes nothing now.
        """
        try:
            if self.own_folder:
                self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise self._shut(error) from error
        faces = self.setter.faces
        return Checkup(line=f"{self.folder} 可写；纸张 {self.paper.upper()}；标题 {faces['song'][0]}，正文 {faces['fang'][0]}")

    def staff_address(self, ref: str) -> str:
        """Where staff record what they did with a sheet, from a telephone too; empty where the office has no desk."""
        return f"{self.office.desk_url.rstrip('/')}/{self.office.code}/board/sheet/{quote(ref)}/" if self.office.desk_url else ""

    def sheet_path(self, ref: str) -> Path:
        """Where the PDF of a sheet lies, by its number."""
        return self.folder / f"{slug(ref)}.pdf"

    def sheet_pdf(self, ref: str) -> bytes | None:
        """The PDF of a sheet as it lies in the folder; None if it does not, or cannot be read now."""
        try:
            return self.sheet_path(ref).read_bytes()
        except OSError:
            return None

    def pictures(self, pdf: bytes) -> list[bytes]:
        """Its pages as PNG; none of a file that is damaged."""
        try:
            return preview.pictures(self.setter, pdf)
        except TypesettingError:
            return []

    def preview(self, rendition: Rendition, *, on: date, blobs: Blobs, replaces: str = "") -> bytes:
        """The sheet as it is printed; nothing is written. `on`: the day that the file says it was made, and the paper does not.

        Raises:
            PermanentError: a picture cannot be printed.
        """
        words = json.loads(rendition.body)
        printing = Printing(paper=self.paper, dated=on, replaces="" if replaces == words["sheet"] else replaces,
                            staff=self.staff_address(words["sheet"]))
        with tempfile.TemporaryDirectory(prefix="gongkai-sheet-") as root:
            try:
                shapes = {image.name: prepare(image, blobs, Path(root)) for image in rendition.images}
                return print_pdf(words, printing, shapes, self.setter, root=Path(root))
            except PictureError as error:
                raise PermanentError(str(error)) from None
            except TypesettingError as error:
                raise PermanentError("这张张贴单排不出来；请把这条信息的索引号告诉维护人员") from error

    def preview_path(self, edition: Edition) -> str:
        """Where the preview begins."""
        return preview.PAGES

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The sheet's pages as pictures, and the very PDF.

        Raises:
            PermanentError: a picture cannot be printed.
        """
        return preview.show(self, scene, path)

    def _lay(self, rendition: Rendition, errand: Errand, *, replaces: str) -> Posting:
        words = json.loads(rendition.body)
        ref: str = words["sheet"]
        self._need_disk()
        pdf = self.preview(rendition, on=errand.at.date(), blobs=errand.blobs, replaces=replaces)
        try:
            Shelf(self.folder, fsync=True).put(self.sheet_path(ref).name, pdf)
        except (OSError, ShelfError) as error:
            raise self._shut(error) from error
        return Posting(ref=ref, live=False, days=words["days"])

    def _lies(self, ref: str) -> int | None:
        """How many days a sheet is to hang, if it lies whole in the folder."""
        self._need_disk()
        try:
            return days_of(self.sheet_path(ref).read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._shut(error) from error

    def _need_disk(self) -> None:
        if not self.own_folder and not self.folder.is_dir():
            raise self._shut(None)

    def _shut(self, error: OSError | ShelfError | None) -> TransientError:
        problem = "现在不能读写" if error else "不存在"
        return TransientError(f"张贴单文件夹 {self.folder} {problem}；请检查磁盘是否挂载、是否已满、权限是否正确")
