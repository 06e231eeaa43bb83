"""The documents, read as a reader would: links, headings, and the blocks that say what a command prints.

Of a document's fenced blocks three kinds are run, in order, in one folder: ```python; ```console run, in which every line that begins
with `$ ` is typed and the lines below are what it prints (`…` stands for anything, `[exit 1]` for how it ends, else 0); and any block
under a line `<!-- file: name -->` is a file that the reader has made; a diff under a line `<!-- into: name -->` goes into that file. A
document with a line `<!-- goes on from: other.md -->` is read in the folder where the other was, one with `<!-- read by: test.py -->` by a
test of its own, which gives it the folder that it needs.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^(?:<!-- (?:file: (?P<file>\S+)|into: (?P<into>\S+)) -->\n)?(?P<indent> *)(?P<fence>`{3,})(?P<info>[^\n`]*)\n"
                   r"(?P<text>.*?)^(?P=indent)(?P=fence)$",
                   re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]\[]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
GOES_ON = re.compile(r"^<!-- goes on from: (\S+) -->$", re.MULTILINE)
READ_BY = re.compile(r"^<!-- read by: (\S+) -->$", re.MULTILINE)
SECONDS = 240  #: for one command: the first that starts Prefect makes its database


def documents() -> list[Path]:
    """Every page people read, the README first."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    return sorted(found, key=lambda path: (path.name != "README.md" or path.parent != ROOT, path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block."""

    line: int
    info: str
    file: str
    text: str
    into: str = ""

    @property
    def runs(self) -> bool:
        """Whether it is run, or made."""
        return bool(self.file or self.into) or self.info in {"python", "console run"}


def blocks(path: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    text = path.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        yield Block(line=text.count("\n", 0, match.start("info")) + 1, info=match["info"].strip(), file=match["file"] or "",
                    into=match["into"] or "", text=re.sub(rf"^{match['indent']}", "", match["text"], flags=re.MULTILINE))


def chains() -> list[list[Path]]:
    """The documents with blocks that run, each after the one it goes on from; without those that have a test of their own."""
    runnable = [path for path in documents() if any(block.runs for block in blocks(path)) and not _read_elsewhere(path)]
    before = {path: (path.parent / match[1]).resolve() for path in runnable if (match := GOES_ON.search(path.read_text(encoding="utf-8")))}
    lost = [str(path) for path, other in before.items() if other not in runnable]
    assert not lost, f"{lost} go on from a document that does not run"

    def following(path: Path) -> list[Path]:
        return [path, *(one for after, other in before.items() if other == path for one in following(after))]

    return [following(path) for path in runnable if path not in before]


def _read_elsewhere(path: Path) -> bool:
    named = READ_BY.search(path.read_text(encoding="utf-8"))
    assert named is None or (ROOT / named[1]).exists(), f"{path.relative_to(ROOT)} is read by {named[1]}, which is not there"
    return named is not None


def woven(text: str, diff: str) -> str:
    """A file's text with a diff in it. The lines that the diff keeps or removes say where; they must stand there once.

    Raises:
        AssertionError: they stand nowhere, or in several places.
    """
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    after = "".join(line[1:] for line in lines if not line.startswith("-"))
    found = f"\n{text}".count(f"\n{before}")
    assert before, "the diff does not say where"
    assert found == 1, f"{found} places, not one, read:\n{before}"
    return f"\n{text}".replace(f"\n{before}", f"\n{after}")[1:]


def prose(path: Path) -> str:
    """A document without its blocks."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    return {re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).lower()).replace(" ", "-") for heading in HEADING.findall(prose(path))}


def broken_links(path: Path) -> list[str]:
    """Links of a document that lead nowhere in the repository. Links out of it are not followed."""
    faults = []
    for first, second in LINK.findall(prose(path)):
        target, _, anchor = (first or second).partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        there = (path.parent / target).resolve() if target else path
        if not there.exists() or not there.is_relative_to(ROOT):
            faults.append(f"{path.relative_to(ROOT)}: {target} is not there")
        elif anchor and there.suffix == ".md" and anchor not in anchors(there):
            faults.append(f"{path.relative_to(ROOT)}: {target}#{anchor}: no such heading")
    return faults


#: what runs a document's Python blocks: one interpreter a document, a block a line, so that a block goes on where the last one stopped
INTERPRETER = """
import contextlib, io, json, sys, traceback
known = {"__name__": "__main__"}
for line in sys.stdin:
    said, well = io.StringIO(), True
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            exec(compile(json.loads(line), "document", "exec"), known)
        except BaseException:
            well = False
            traceback.print_exc()
    print(json.dumps([well, said.getvalue()]), flush=True)
"""


class Reader:
    """Does what a document says, in a folder. As a context manager it stops the interpreter in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ours = ("GONGKAI_", "PREFECT_", "DATABASE_URL", "DJANGO_", "PYTEST_")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment["COLUMNS"] = "120"  # a page shows a wide terminal
        self._interpreter: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._interpreter is not None:
            self._interpreter.communicate()

    def do(self, block: Block) -> None:
        """Do what a block says.

        Raises:
            AssertionError: it goes otherwise than the document says.
        """
        if block.file:
            path = self.folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.into:
            path = self.folder / block.into
            path.write_text(woven(path.read_text(encoding="utf-8"), block.text), encoding="utf-8")
        elif block.info == "python":
            self._python(block)
        else:
            for typed, printed, code in commands(block.text):
                self._type(block.line, typed, printed, code)

    def _python(self, block: Block) -> None:
        if self._interpreter is None:
            self._interpreter = subprocess.Popen([sys.executable, "-c", INTERPRETER], cwd=self.folder, env=self.environment, encoding="utf-8",
                                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._interpreter.stdin is not None
        assert self._interpreter.stdout is not None
        self._interpreter.stdin.write(json.dumps(block.text) + "\n")
        self._interpreter.stdin.flush()
        well, said = json.loads(self._interpreter.stdout.readline())
        assert well, f"line {block.line}: the Python block failed:\n{said}"

    def _type(self, line: int, typed: str, printed: str, code: int) -> None:
        ran = subprocess.run(["bash", "-c", typed], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, encoding="utf-8", timeout=SECONDS, check=False)
        said = ran.stdout.replace("\r", "")
        assert ran.returncode == code, f"line {line}: `{typed}` ended with {ran.returncode}, the document says {code}. It said:\n{said}"
        assert matches(printed, said), f"line {line}: `{typed}` said:\n{said}\nthe document says:\n{printed}"


def commands(text: str) -> Iterator[tuple[str, str, int]]:
    """(what is typed, what it prints, how it ends) of a console block."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        typed, _, printed = part.partition("\n")
        while typed.endswith("\\"):
            more, _, printed = printed.partition("\n")
            typed = f"{typed[:-1].rstrip()} {more.removeprefix('> ').strip()}"
        end = re.search(r"^\[exit (\d+)\]\n?", printed, re.MULTILINE)
        yield typed, printed[: end.start()] if end else printed, int(end[1]) if end else 0


def matches(printed: str, said: str) -> bool:
    """Whether a command said what the document prints; a document that prints nothing leaves it open."""
    if not printed.strip():
        return True

    def plain(text: str) -> str:
        return "\n".join(line.rstrip() for line in text.strip().splitlines())

    pattern = re.escape(plain(printed)).replace("…", ".*?")
    return re.fullmatch(pattern, plain(said), re.DOTALL) is not None
