"""docs/howto/add-a-channel.md, followed literally in a copy of the house: what it says is enough, and nothing of it may be left out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.test_goldens import CASES
from tests.rigs.documents import ROOT, Reader, blocks

pytestmark = [pytest.mark.docs, pytest.mark.timeout(900)]  # some forty seconds of work; on a busy machine it waits for its turn

PAGE = ROOT / "docs" / "howto" / "add-a-channel.md"
NOT_OURS = shutil.ignore_patterns(".git", ".venv", "var", "dist", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info")
MADE = {"channels/sandbox/toy.py", "channels/toy.py", "tests/channels/rigs/toy.py", "docs/channels/toy.md",
        *(f"tests/channels/goldens/toy/{case}.txt" for case in CASES)}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the house in which somebody has followed the page: every file made, every command typed, every answer compared."""
    folder = tmp_path_factory.mktemp("house") / "gongkai"
    shutil.copytree(ROOT, folder, ignore=NOT_OURS)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    with Reader(folder) as reader:
        for block in blocks(PAGE):
            if block.runs:
                reader.do(block)
    yield folder
    shutil.rmtree(folder)


def files(house: Path) -> dict[str, bytes]:
    """What a commit would hold, by path."""
    left_out = {".git", ".venv", "var", "dist", "__pycache__", ".hypothesis"}
    return {path.relative_to(house).as_posix(): path.read_bytes() for path in house.rglob("*")
            if path.is_file() and not any(part in left_out or part.endswith("_cache") for part in path.relative_to(house).parts)}


def test_a_new_kind_is_one_file_one_line_a_far_side_a_golden_and_a_page(copy: Path) -> None:
    """Nothing else of the house was touched: no other list knows the kinds."""
    before, after = files(ROOT), files(copy)
    assert set(after) - set(before) == MADE
    assert {name for name in before if after.get(name) != before[name]} == {"channels/registry.py"}
    was, now = ([*house["channels/registry.py"].decode().splitlines()] for house in (before, after))
    assert sorted(set(now) - set(was)) == ["    Toy,", "from channels.toy import Toy"]
    assert len(now) == len(was) + 2


def test_the_house_stands_with_it(copy: Path) -> None:
    """Documents, links, names, imports: as with any other kind."""
    well, said = ask(copy, *(f"tests/house/test_{name}.py" for name in ("docs", "imports", "names")), "-k", "not what_the_documents_say")
    assert well, said


@pytest.mark.parametrize(("left_out", "tests", "told"), [
    ("docs/channels/toy.md", "tests/house", "write docs/channels/toy.md"),
    ("channels/sandbox/toy.py", "tests/channels/test_contract.py", "No module named 'channels.sandbox.toy'"),
], ids=["page", "far side"])
def test_what_is_left_out_is_asked_for(copy: Path, left_out: str, tests: str, told: str) -> None:
    """A kind that lacks a part does not pass, and its maker reads which."""
    there = copy / left_out
    kept = there.read_bytes()
    there.unlink()
    try:
        well, said = ask(copy, tests, "-k", "toy")
    finally:
        there.write_bytes(kept)
    assert not well
    assert told in said


def ask(house: Path, *words: str) -> tuple[bool, str]:
    """Whether the copy's own tests pass, and what they say."""
    with Reader(house) as reader:
        done = subprocess.run([house / ".venv/bin/pytest", "-q", *words], cwd=house, env=reader.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    return done.returncode == 0, done.stdout
