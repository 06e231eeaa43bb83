"""Holds the documents to what the code does: what they say is typed, what they link is there, what they list is complete."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer

from channels.base import Limits
from channels.registry import KINDS
from content.records import KNOWN, REQUIRED
from flows.cli import app
from flows.exits import Exit
from tests.rigs.documents import ROOT, Block, Reader, blocks, broken_links, chains, commands, documents, matches

pytestmark = pytest.mark.docs

DOCUMENTS = [path.relative_to(ROOT).as_posix() for path in documents()]
HOUSE_PAPERS = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/glossary.md")


@pytest.mark.parametrize("chain", chains(), ids=lambda chain: chain[0].name)
def test_what_the_documents_say_is_so(chain: list[Path], tmp_path: Path) -> None:
    """Every block that can be run is run, in order, as a reader would."""
    for path in chain:
        with Reader(tmp_path) as reader:
            for block in blocks(path):
                if block.runs:
                    reader.do(block)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    assert not broken_links(ROOT / name)


def test_every_document_is_linked_from_another() -> None:
    """What nothing leads to is not read."""
    linked = {(path.parent / target.partition("#")[0]).resolve() for path in documents()
              for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))}
    # a link to a folder leads to what lies in it: code hosts list it
    lost = [name for name in DOCUMENTS if not linked & {ROOT / name, (ROOT / name).parent} and name != "README.md"]
    assert not lost, lost


# channels


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_page_whose_limits_are_those_of_the_code(kind: str) -> None:
    """Staff read there what fits; the code refuses by the same numbers."""
    page = ROOT / "docs" / "channels" / f"{kind}.md"
    assert page.exists(), f"write {page.relative_to(ROOT)}"
    text = page.read_text(encoding="utf-8")
    assert KINDS[kind].label in text
    told = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", text, re.MULTILINE))
    for field in fields(Limits):
        if field.name not in ("count", "unit"):
            limit = getattr(KINDS[kind].limits, field.name)
            said = told.get(field.name, "missing").replace(",", "")
            assert said.split(" ")[0] == ("none" if limit is None else str(limit)), f"{page.relative_to(ROOT)}: `{field.name}` is {said}"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_calls_the_kinds_as_the_code_does_and_leads_to_all(name: str) -> None:
    """It shows those that offices begin with; every other has its page in the folder, so that a new kind needs no row here."""
    text = (ROOT / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\w+)\]\(docs/channels/(\w+)\.md\) \| ([^|]+?) \|", text, re.MULTILINE)
    assert {kind: label for kind, _, label in rows} == {kind: KINDS[kind].label for kind, _, _ in rows}
    assert all(kind == page for kind, page, _ in rows)
    assert {"website", "feed", "board", "wechat"} <= {kind for kind, _, _ in rows}
    assert "](docs/channels/)" in text


# the command


def walk(command: Any, words: tuple[str, ...] = ("gongkai",)) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every subcommand with the words that call it."""
    for name, sub in getattr(command, "commands", {}).items():
        yield from walk(sub, (*words, name))
    if not hasattr(command, "commands"):
        yield words, command


ENTRY: Any = typer.main.get_command(app)
COMMANDS = dict(walk(ENTRY))
#: what was typed, in a block or between backticks
TYPED = re.compile(r"(?:^\$ |^|`|; |&& |=)(?:\S*/)?(gongkai(?: [^`\n|;&]*)?)", re.MULTILINE)


def test_every_command_and_every_option_is_explained() -> None:
    """In a howto or in the README: a reader who searches for it finds it."""
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS if name.startswith(("README.md", "docs/howto/")))
    missing = [" ".join(words) for words in COMMANDS if " ".join(words) not in text]
    missing += [f"{' '.join(words)} {option}" for words, command in COMMANDS.items() for option in sorted(_options(command)) if option not in text]
    assert not missing, missing


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_that_are_shown_exist_with_their_options(name: str) -> None:
    """No document tells a reader to type what is refused."""
    faults = []
    for typed in TYPED.findall((ROOT / name).read_text(encoding="utf-8")):
        words = typed.split()
        if len(words) > 1 and (fault := _unknown(words)):
            faults.append(f"{typed!r}: {fault}")
    assert not faults, "\n".join(faults)


def _unknown(words: list[str]) -> str:
    command = ENTRY
    known = {"--help", *_options(ENTRY)}
    for at, word in enumerate(words[1:], 1):
        option = word.split("=")[0]
        if option.startswith("--"):
            if option not in known:
                return f"no option {option}"
        elif hasattr(command, "commands") and re.fullmatch(r"[a-z-]+", word) and not words[at - 1].startswith("--"):
            if word not in command.commands:
                return f"no command {word}" if _looks_typed(words) else ""
            command = command.commands[word]
            known |= _options(command)
    return ""


def _looks_typed(words: list[str]) -> bool:
    """`gongkai board` is a command; `gongkai 公开` or a sentence that begins with the name is not."""
    return all(re.fullmatch(r"[\x21-\x7e]+", word) for word in words) and len(words) < 8


def _options(command: Any) -> set[str]:
    return {name for option in command.params for name in option.opts if name.startswith("--")}


def test_every_exit_code_is_explained() -> None:
    """A scheduler acts on these numbers."""
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "docs/howto/run-on-a-schedule.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(row) for row in rows} == {code.value for code in Exit}


def test_every_field_of_an_item_is_explained() -> None:
    """Whoever writes a file of items finds each field, and none that is refused; the required ones are called so."""
    text = (ROOT / "docs/howto/import-items.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w*) ?\|", text, re.MULTILINE))
    assert set(rows) == set(KNOWN)
    assert {name for name, how in rows.items() if how == "required"} == set(REQUIRED)


# the house papers


def test_the_two_readmes_say_the_same() -> None:
    """The same commands and links in both languages; one is not the other's older sister."""
    def facts(name: str) -> tuple[set[str], set[str]]:
        text = (ROOT / name).read_text(encoding="utf-8")
        typed = {line.removeprefix("$ ").split("  #")[0].strip() for block in blocks(ROOT / name) if block.info.startswith("console")
                 for line in block.text.splitlines() if line.startswith("$ ")}
        return typed, set(re.findall(r"\]\(([^)\s]+)\)", text)) - {"README.md", "README.zh-CN.md"}

    assert facts("README.md") == facts("README.zh-CN.md")


@pytest.mark.parametrize("name", HOUSE_PAPERS)
def test_a_house_paper_is_there_and_says_something(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8")) > 400


def test_every_change_says_who_notices() -> None:
    """**Clerks:**, **Schedulers:**, **Subscribers:** …: a reader finds what is theirs."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = re.findall(r"^- (.*)", text, re.MULTILINE)
    assert entries
    assert not [entry for entry in entries if not re.match(r"\*\*[A-Z][\w ,-]+:\*\* ", entry)]


def test_the_changelog_speaks_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert re.findall(r"^## \[(\d[\w.]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[0] == version


def test_decisions_have_their_four_parts() -> None:
    """What was the matter, which ways there were, which was taken, and what it costs."""
    for path in sorted((ROOT / "docs" / "decisions").glob("0*.md")):
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {path.name[:4]} \S", text), path.name
        for part in ("Context", "Options", "Decision", "What it costs"):
            assert re.search(rf"^## {part}", text, re.MULTILINE), f"{path.name}: {part}"


# the reader itself


def test_the_reader_notices_what_is_not_so(tmp_path: Path) -> None:
    """A check that passes everything would prove nothing."""
    def console(text: str) -> Block:
        return Block(line=1, info="console run", file="", text=text)

    with Reader(tmp_path) as reader:
        reader.do(Block(line=1, info="json", file="a/b.json", text="{}\n"))
        reader.do(console("$ cat a/b.json\n{}\n$ echo one; echo two; exit 3\none\n…\n[exit 3]\n"))
        reader.do(Block(line=1, info="python", file="", text="x = 1\n"))
        reader.do(Block(line=1, info="python", file="", text="assert x == 1\n"))
        for wrong in (console("$ echo one\ntwo\n"), console("$ false\n"), Block(line=1, info="python", file="", text="assert x == 2\n")):
            with pytest.raises(AssertionError):
                reader.do(wrong)


def test_what_is_printed_may_leave_open_what_changes() -> None:
    assert list(commands("$ a \\\n> b\nx\n[exit 2]\n$ c\n")) == [("a b", "x\n", 2), ("c", "", 0)]
    assert matches("a … c\n…\nd\n", "a b c\nmore\nmore\nd\n")
    assert not matches("a\n", "a\nb\n")
