"""Taking items in from a file of JSON Lines: each line by itself, so that a bad one never loses a good one beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from channels.errors import UnsuitableError
from channels.house import OfficeHand
from channels.signing import renditions
from content.index_numbers import IndexNumberError
from content.items import Edition
from content.readers import clean
from content.records import Record, RecordError, read_record
from content.seals import seal
from flows.refusals import Refusal
from ledger import boot, services  # noqa: F401 - boot comes first: Django is started before any model is imported
from ledger.errors import LedgerError
from ledger.services import Taken


class LineError(Refusal):
    """A line that was refused: file, line, field, and what to do."""

    def __init__(self, place: str, field: str, problem: str) -> None:
        super().__init__(f"{place}: {field}: {problem}" if field else f"{place}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a file, not yet understood."""

    path: Path
    number: int
    data: bytes

    @property
    def place(self) -> str:
        """`file:line`, as errors name it."""
        return f"{self.path}:{self.number}"


def lines(path: Path) -> Iterator[Line]:
    """The lines of a file that hold something.

    Raises:
        LineError: the file is UTF-16, which no line of it could say.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        for number, data in enumerate(file, 1):
            if number == 1 and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise LineError(str(path), "", "is UTF-16; save it as UTF-8 and import it again")
            words = data.removeprefix(b"\xef\xbb\xbf") if number == 1 else data
            if words.strip():
                yield Line(path=path, number=number, data=words)


def parse(line: Line) -> dict[str, Any]:
    """The record of a line.

    Raises:
        LineError: it is not UTF-8, no JSON, or no object.
    """
    try:
        record = json.loads(line.data.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise LineError(line.place, "", f"byte {error.start + 1} is not UTF-8; save the file as UTF-8") from None
    except ValueError as error:
        raise LineError(line.place, "", f"is no JSON: {error}") from None
    except RecursionError:
        raise LineError(line.place, "", "is nested too deeply") from None
    if not isinstance(record, dict):
        raise LineError(line.place, "", "should be one object in braces")
    return record


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A line understood: its record, and the channels its edition is to go to."""

    record: Record
    channels: tuple[str, ...]
    key: str  #: the same for the same line with the same files, wherever it stands

    def edition(self, hand: OfficeHand, index_number: str, number: int) -> Edition:
        """The edition of this line, which every one of its channels can carry: what does not fit is found here, not on the day.

        Raises:
            RecordError: no channel could carry it.
            UnsuitableError: it does not fit one of its channels.
        """
        made = self.record.edition(index_number=index_number, number=number, link=hand.link(index_number, self.channels))
        renditions(hand, made, self.channels)
        return made


@contextmanager
def _named(line: Line) -> Iterator[None]:
    """Whatever refuses a line, refuse it by file, line and field."""
    try:
        yield
    except RecordError as error:
        raise LineError(line.place, error.field, error.problem) from None
    except UnsuitableError as error:
        raise LineError(line.place, "channels", str(error)) from None
    except (IndexNumberError, LedgerError) as error:
        raise LineError(line.place, "index_number", str(error)) from None


def read(hand: OfficeHand, line: Line, *, at: datetime) -> Read:
    """Understand a line; nothing is written.

    Raises:
        LineError: it is refused.
    """
    said = parse(line)
    with _named(line):
        record = read_record(said, office=hand.office, channels=frozenset(hand.sections), today=at.astimezone(hand.office.tz).date(),
                             load=_loader(line.path.parent))
    return Read(record=record, channels=hand.carried(record.channels), key=seal(
        {"record": said, "files": [hashlib.sha256(blob).hexdigest() for blob in record.blobs]}))


def check(hand: OfficeHand, line: Line, *, at: datetime) -> None:
    """Whether a line could be taken in as far as that can be told without the ledger.

    Raises:
        LineError: it would be refused.
    """
    found = read(hand, line, at=at)
    with _named(line):
        found.edition(hand, found.record.facts["index_number"] or hand.office.index.compose(at.year, 1), 1)


def take_in(hand: OfficeHand, line: Line, *, by: str, at: datetime) -> Taken:
    """Take one line in as a draft. One that the ledger has already changes nothing.

    Raises:
        LineError: it is refused; nothing of it was written.
    """
    found = read(hand, line, at=at)
    with _named(line):
        return keep(hand, found, by=by, at=at)


def keep(hand: OfficeHand, found: Read, *, by: str, at: datetime) -> Taken:
    """Keep what was understood as a draft: a correction where it says what was changed, else a new item.

    Raises:
        RecordError: no channel could carry it.
        UnsuitableError: it does not fit one of its channels.
        IndexNumberError: its number is none of the office's.
        LedgerError: the ledger refuses it.
    """
    index_number, blobs = found.record.facts["index_number"], found.record.blobs
    routes, make = hand.routes(found.channels, release_at=found.record.release_at), partial(found.edition, hand)
    if found.record.facts["change_note"]:
        return services.take_in_correction(index_number=index_number, make=make, routes=routes, by=by, at=at, blobs=blobs)
    return services.take_in(office=hand.office, index_number=index_number, make=make, routes=routes, by=by, at=at, import_key=found.key,
                            blobs=blobs)


def _loader(folder: Path) -> Callable[[str], bytes]:
    """Reads files beside the imported one, and no others; what they say of their makers is taken out on the way."""
    root = folder.resolve()

    def load(name: str) -> bytes:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise ValueError("it lies outside the imported file's folder")
        return clean(path.name, path.read_bytes()).data

    return load
