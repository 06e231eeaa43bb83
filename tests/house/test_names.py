"""One word, one thing. The words are those of docs/glossary.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from channels.registry import KINDS

ROOT = Path(__file__).parents[2]
ROOMS = ("content", "channels", "ledger", "flows", "desk")
GLOSSARY = ROOT / "docs" / "glossary.md"

#: words that mean nothing here, or that something here already has a word for
STRANGERS = {
    "delete": "withdraw an item, take down a sheet, remove a file",
    "retract": "withdraw",
    "revoke": "withdraw",
    "erratum": "correction",
    "headline": "title",
    "abstract": "summary",
    "agency": "issuing_body or office",
    "department": "office",
    "serial_number": "index_number, document_number or the sheet's number",
    "publication": "posting",
    "author": "drafter, or issuing_body",
    "audience": "public",
}
#: names that are not ours to choose: of a library, a format or a platform, by the beginning of the file's path
THEIRS = {"channels/feed_formats.py": {"author"}, "ledger/models/reporting.py": {"abstract"}, "channels/wechat": {"author", "delete"}}

CHINESE = re.compile("[\u4e00-\u9fff]")


def sources() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts and "sandbox" not in path.parts)


def names(path: Path) -> Iterator[tuple[int, str]]:
    """Every name that a file gives to something: functions, classes, arguments, fields, variables."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id


def words(name: str) -> set[str]:
    """`SignOff` and `sign_off` are made of the same words; the whole name counts as one, too."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")
    return {snake, *snake.split("_")}


def theirs(path: Path) -> set[str]:
    place = path.relative_to(ROOT).as_posix()
    return {name for start, allowed in THEIRS.items() if place.startswith(start) for name in allowed}


def test_every_thing_is_called_by_its_word() -> None:
    """Whoever has read the glossary can read the code."""
    faults = [f"{path.relative_to(ROOT)}:{line}: {name}: not {stranger!r} but {STRANGERS[stranger]}"
              for path in sources() for line, name in names(path) for stranger in sorted(words(name) & set(STRANGERS) - theirs(path))]
    assert not faults, "\n".join(faults)


def test_a_kind_is_called_like_its_module() -> None:
    """From a report's row to the code behind it without searching."""
    for kind, channel in KINDS.items():
        assert channel.kind == kind
        assert re.match(rf"channels\.{kind}(\.|$)", channel.__module__), channel
        assert CHINESE.search(channel.label), f"{kind}: the label is for staff and reports"
    assert len({channel.label for channel in KINDS.values()}) == len(KINDS)


def test_no_adapter_publishes() -> None:
    """Publishing is what staff ask for; an outlet posts, a surface draws."""
    for kind, channel in KINDS.items():
        assert not hasattr(channel, "publish"), kind


@pytest.mark.parametrize("room", [*ROOMS, "reports"])
def test_the_names_of_the_rooms_are_ours_alone(room: str) -> None:
    """`channels` is what Django Channels calls itself: the two cannot live in one environment. See docs/decisions/0003."""
    assert set(packages_distributions().get(room, [])) <= {"gongkai"}


def test_every_file_says_what_it_is_for() -> None:
    empty = [str(path.relative_to(ROOT)) for path in sources() if not (ast.get_docstring(ast.parse(path.read_bytes())) or "").strip()]
    assert not empty, f"no docstring: {empty}"


def test_files_stay_small() -> None:
    """Past three hundred lines a file has two jobs."""
    large = {str(path.relative_to(ROOT)): count for path in sources() if (count := path.read_bytes().count(b"\n")) > 300}
    assert not large


def test_a_test_is_named_by_a_sentence() -> None:
    """Two words at least after `test_`, so that a failure reads as what is no longer true."""
    short = [f"{path.relative_to(ROOT)}: {node.name}" for path in sorted((ROOT / "tests").rglob("test_*.py"))
             for node in ast.walk(ast.parse(path.read_bytes()))
             if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_") and node.name.count("_") < 2]
    assert not short, short


def glossed() -> list[tuple[str, str]]:
    """(identifier, where) of every row of the glossary that names code."""
    rows = re.findall(r"^\|[^|]+\| `([^`]+)` \|[^|]+\| `([\w.]+)` \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    return [(identifier, where) for identifier, where in rows]


def test_every_word_of_the_glossary_is_where_it_says() -> None:
    """A glossary that speaks of another house is worse than none."""
    rows = glossed()
    assert len(rows) > 40
    for identifier, where in rows:
        assert where.rpartition(".")[2] == identifier or identifier in where, f"{identifier}: {where}"
        _resolve(where)


def _resolve(dotted: str) -> object:
    """`content.items.Edition.column`: a module as far as it goes, then attributes or annotated fields."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing: object = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            if name in getattr(thing, "__annotations__", {}):
                thing = thing.__annotations__[name]
                continue
            thing = getattr(thing, name)
        return thing
    raise AssertionError(f"{dotted} is nowhere")
