"""Keeps the table of who may import whom, by walking the imports of every file of the house. See docs/decisions/0002 and 0003."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from channels.registry import KINDS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a room may import besides itself and the standard library."""

    rooms: frozenset[str]
    libraries: frozenset[str]
    never: frozenset[str] = frozenset()  #: of the standard library


WORLD = frozenset({"asyncio", "ftplib", "http.client", "http.server", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "signal",
                   "smtplib", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib.request"})

ROOMS = {
    "content": Room(rooms=frozenset(), libraries=frozenset({
        "nh3", "lxml", "PIL", "chinese_calendar", "mammoth", "markdown_it", "openpyxl", "pdfminer", "stdnum"}), never=WORLD),
    "channels": Room(rooms=frozenset({"content"}), libraries=frozenset({
        "requests", "urllib3", "feedgen", "jinja2", "markupsafe", "lxml", "nh3", "typst", "PIL", "regex", "segno", "fontTools", "cryptography",
        "pylopdf_fonts_zh_cn"})),
    "reports": Room(rooms=frozenset({"content"}), libraries=frozenset({"docx", "jinja2", "lxml", "xlsxwriter"})),
    "ledger": Room(rooms=frozenset({"content"}), libraries=frozenset({"django", "dj_database_url", "psycopg"})),
    "flows": Room(rooms=frozenset({"content", "channels", "reports", "ledger"}), libraries=frozenset({
        "prefect", "prefect_dask", "django", "pylopdf_fonts_zh_cn", "requests", "rich", "typer"})),
    "desk": Room(rooms=frozenset({"content", "channels", "reports", "ledger"}), libraries=frozenset({
        "django", "axes", "csp", "django_htmx", "django_otp", "django_prose_editor", "js_asset", "segno", "waitress", "whitenoise"})),
}

#: libraries that come with one we name in pyproject.toml and are part of what it offers
COMES_WITH = {"urllib3": "requests", "markupsafe": "jinja2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One imported name and where it stands."""

    path: Path
    line: int
    module: str  #: of the file that imports, dotted
    name: str  #: as far as the statement tells, dotted: `from content import items` is content.items

    @property
    def where(self) -> str:
        """For a person to click."""
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.module} imports {self.name}"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, source: str | None = None) -> Iterator[Import]:
    """Every import of a file, wherever in it, those for types and those within functions too."""
    module = module_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes() if source is None else source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and _dynamic(node):
            names = [str(node.args[0].value)]  # type: ignore[attr-defined]
        else:
            continue
        for name in names:
            yield Import(path=path, line=node.lineno, module=module, name=name)


def _dynamic(node: ast.Call) -> bool:
    """`import_module("x.y")` and `__import__("x.y")` with a plain name."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in ("import_module", "__import__") and bool(node.args) and isinstance(node.args[0], ast.Constant)


def files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


EVERY = [one for room in ROOMS for path in files(room) for one in imports(path)]


def broken(found: Import) -> str:
    """The rule that an import breaks; empty for one that breaks none."""
    own, other = found.module.split(".")[0], found.name.split(".")[0]
    room = ROOMS[own]
    if other in ROOMS:
        return "" if other in room.rooms | {own} else f"{own} may import {', '.join(sorted(room.rooms)) or 'no other room'}"
    if other in sys.stdlib_module_names:
        return next((f"{own} never touches {name}" for name in room.never if (found.name + ".").startswith(name + ".")), "")
    return "" if other in room.libraries else f"of libraries, {own} may import {', '.join(sorted(room.libraries))}"


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_what_the_table_lets_it(room: str) -> None:
    """Both down without the other noticing is only true of rooms that do not know each other."""
    faults = [f"{one.where}; {rule}" for one in EVERY if one.module.split(".")[0] == room and (rule := broken(one))]
    assert not faults, "\n".join(faults)


def test_every_room_is_in_the_table() -> None:
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packaged) <= set(ROOMS)
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}  # neither is installed
    assert folders == set(packaged)


def family(module: str) -> str:
    """The adapter that a module of channels/ belongs to; empty for what all of them share."""
    parts = module.split(".")
    if parts[0] != "channels" or len(parts) < 2:
        return ""
    return next((kind for kind in KINDS if parts[1] == kind or parts[1].startswith(f"{kind}_")), "")


def test_adapters_never_import_each_other_and_only_the_registry_imports_adapters() -> None:
    """What two of them need stands beside them under its own name (shelf, wording, remote)."""
    faults = [one.where for one in EVERY
              if (adapter := family(one.name)) and family(one.module) != adapter and one.module != "channels.registry"]
    assert not faults, "\n".join(faults)


def test_what_adapters_share_imports_no_adapter() -> None:
    """The contract and its errors are the ground floor: they import nothing of channels but each other."""
    ground = {"channels.base", "channels.errors", "channels.accounts"}
    faults = [one.where for one in EVERY if one.module in ground and one.name.startswith("channels.") and ".".join(one.name.split(".")[:2]) not in ground]
    assert not faults, "\n".join(faults)


def test_every_library_is_one_we_name() -> None:
    """What is imported is asked for in pyproject.toml, not merely there because something else brought it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {_plain(re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0]) for line in project["dependencies"]}
    brought = packages_distributions()
    faults = []
    for one in EVERY:
        top = COMES_WITH.get(one.name.split(".")[0], one.name.split(".")[0])
        if top not in sys.stdlib_module_names and top not in ROOMS and not asked & {_plain(name) for name in brought.get(top, [])}:
            faults.append(one.where)
    assert not faults, "\n".join(faults)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# the clock


#: calls that ask the world for the time or for chance, by the end of their dotted name
CLOCK = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic|monotonic_ns|localtime|gmtime)|timezone\.now"
                   r"|random\.\w+|secrets\.\w+|uuid1|uuid4|urandom|SystemRandom)$")
BELOW_THE_DOORS = ("content", "channels", "ledger", "reports")


def asked_of_the_world(path: Path, source: str | None = None) -> Iterator[str]:
    tree = ast.parse(path.read_bytes() if source is None else source)
    named = {alias.asname or alias.name: f"{node.module}.{alias.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
             for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)) and isinstance(node.ctx, ast.Load):
            dotted = ast.unparse(node)
            head, _, rest = dotted.partition(".")
            dotted = ".".join(filter(None, (named.get(head, head), rest)))
            if CLOCK.search(dotted):
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {dotted}"


@pytest.mark.parametrize("room", BELOW_THE_DOORS)
def test_time_and_chance_come_in_as_arguments(room: str) -> None:
    """A tick says what time it is, once; a test, a sandbox office and a replay say another."""
    faults = [fault for path in files(room) if "sandbox" not in path.parts for fault in asked_of_the_world(path)]
    assert not faults, "\n".join(faults)


# the walk itself


@pytest.mark.parametrize(("path", "source", "complaint"), [
    ("content/x.py", "import django.db", "of libraries, content may import"),
    ("content/x.py", "from os import path", "content never touches os"),
    ("content/x.py", "def f():\n    from ledger import models", "content may import no other room"),
    ("content/x.py", "from urllib.request import urlopen", "content never touches urllib.request"),
    ("content/x.py", "from urllib.parse import urlsplit", ""),
    ("channels/x.py", "from ledger.models import Item", "channels may import content"),
    ("channels/x.py", "import prefect", "of libraries, channels may import"),
    ("channels/website/x.py", "from ...ledger import models", "channels may import content"),
    ("ledger/x.py", "import importlib\nimportlib.import_module('flows.cli')", "ledger may import content"),
    ("ledger/x.py", "import requests", "of libraries, ledger may import"),
    ("flows/x.py", "import desk.views", "flows may import"),
    ("desk/x.py", "from flows import publish", "desk may import"),
    ("desk/x.py", "if TYPE_CHECKING:\n    import prefect", "of libraries, desk may import"),
])
def test_the_walk_sees_every_way_to_import(path: str, source: str, complaint: str) -> None:
    rules = [rule for one in imports(ROOT / path, source) if (rule := broken(one))]
    assert (complaint in (rules[0] if rules else "")) if complaint else not rules, rules


@pytest.mark.parametrize("source", [
    "from datetime import datetime\ndatetime.now(UTC)", "import datetime as dt\nx = dt.datetime.now", "import time\ntime.time()",
    "from time import time\ntime()", "import random\nrandom.choice([1])", "from uuid import uuid4\nf(uuid4)", "from django.utils import timezone\ntimezone.now()",
    "import datetime\ndatetime.date.today()",
])
def test_the_walk_sees_every_way_to_ask_the_time(source: str) -> None:
    assert list(asked_of_the_world(ROOT / "content" / "x.py", source))
