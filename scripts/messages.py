#!/usr/bin/env python3
"""The desk's English: collect what it says in Chinese, keep desk/locale/en up to date, say what has no English yet.

    .venv/bin/python scripts/messages.py

Every Chinese text of the desk is English's business: whatever stands in a template's {% trans %}, and every Chinese string in its Python
but docstrings, log lines' own and what `NOT_SHOWN` names. So nobody has to mark a table of words by hand.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).parents[1]
DESK = ROOT / "desk"
PO = DESK / "locale" / "en" / "LC_MESSAGES" / "django.po"
HAN = re.compile("[\u3400-\u9fff]")  # punctuation alone is the same in English
TRANSLATED = re.compile(r"""^trans(?:late)?\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
ARGUMENT = re.compile(r"""_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
HEAD = re.compile(rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To).*\n')
#: Chinese on English pages too: the mark at the top, the way back to Chinese
KEPT = re.compile(r"^公开$|^中文$|>公开<|>中文<")
#: Chinese that no page shows: names of sample people, of things in the database, words that columns are known by
NOT_SHOWN = {"apps.py", "deadlines.py", "models.py", "sample.py", "second_factor.py", "migrations"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One text, and where it stands."""

    text: str
    path: str  #: of the file, below the repository


def said(faults: list[str] | None = None) -> list[Said]:
    """Every text of the desk, each once, in the order of the files.

    Into `faults` go the places where English cannot take the place of the Chinese: outside {% trans %}, or in an f-string.
    """
    faults = [] if faults is None else faults
    found: dict[str, Said] = {}
    for path in sorted(DESK.rglob("*.py")):
        if not NOT_SHOWN & set(path.relative_to(DESK).parts):
            for text in of_python(path.read_text(encoding="utf-8"), _short(path), faults):
                found.setdefault(text, Said(text=text, path=_short(path)))
    for path in sorted((DESK / "templates").rglob("*.*")):
        for text in of_template(path.read_text(encoding="utf-8"), _short(path), faults):
            found.setdefault(text, Said(text=text, path=_short(path)))
    return list(found.values())


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def of_python(source: str, where: str, faults: list[str]) -> Iterator[str]:
    """The Chinese strings of a Python file but its docstrings."""
    tree = ast.parse(source)
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings: strings that nobody takes
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in node.values}
            if any(isinstance(part, ast.Constant) and _words(str(part.value)) for part in node.values):
                faults.append(f"{where}:{node.lineno}: an f-string has no English: write _(\"…%(name)s…\") % {{…}}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed and _words(node.value):
            yield node.value


def of_template(source: str, where: str, faults: list[str]) -> Iterator[str]:
    """What stands in a template's {% trans %} and _() arguments."""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.TEXT and _words(token.contents):
            faults.append(f"{where}:{token.lineno}: put it into {{% trans %}}: {' '.join(token.contents.split())[:60]}")
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            if token.contents.startswith("blocktrans"):
                faults.append(f"{where}:{token.lineno}: no {{% blocktrans %}} here; cut the sentence into {{% trans %}} pieces")
            match = TRANSLATED.match(token.contents)
            texts = [match[1]] if match else []
            yield from (ast.literal_eval(text) for text in [*texts, *ARGUMENT.findall(token.contents)])


def _words(text: str) -> bool:
    return bool(HAN.search(KEPT.sub("", text)))


def catalogue() -> Catalog:
    """The English that there is."""
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def brought_up_to_date(known: Catalog, texts: list[Said]) -> Catalog:
    """The catalogue of exactly these texts, with the English that is known of them."""
    new = Catalog(locale="en", project="Gongkai", copyright_holder="Gongkai", charset="utf-8", fuzzy=False)
    new.mime_headers = [("Language", "en"), ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8"),
                        ("Content-Transfer-Encoding", "8bit"), ("Plural-Forms", "nplurals=2; plural=(n != 1);")]
    new.header_comment = "# English for the desk. scripts/messages.py keeps it; the Chinese is in the code."
    for one in sorted(texts, key=lambda each: (each.path, each.text)):
        old = known.get(one.text)
        new.add(one.text, string=old.string if old else "", locations=[(one.path, 0)])
    return new


def po(of: Catalog) -> bytes:
    """A catalogue as a .po file."""
    file = io.BytesIO()
    write_po(file, of, width=140, include_lineno=False, omit_header=False)
    return HEAD.sub(b"", file.getvalue())  # no dates, no names: the same texts are the same bytes


def mo(of: Catalog) -> bytes:
    """A catalogue as the .mo file that Django reads."""
    of.creation_date = of.revision_date = NEVER  # babel writes them into the header
    file = io.BytesIO()
    write_mo(file, of)
    return file.getvalue()


def missing(of: Catalog) -> list[str]:
    """The texts without English."""
    return [str(one.id) for one in of if one.id and not one.string]


def misplaced(of: Catalog) -> list[str]:
    """The texts whose English has other places to fill in than the Chinese."""
    told = [(str(one.id), str(one.string)) for one in of if one.id and one.string]
    return [chinese for chinese, english in told if sorted(PLACE.findall(chinese)) != sorted(PLACE.findall(english))]


def main() -> int:
    """Write both files; 1 where something is left to do."""
    faults: list[str] = []
    new = brought_up_to_date(catalogue(), said(faults))
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po(new))
    PO.with_suffix(".mo").write_bytes(mo(catalogue()))
    left = missing(new)
    for fault in faults:
        print(fault)
    for text in left:
        print(f"no English: {text}")
    for text in misplaced(new):
        print(f"other places to fill in: {text}")
    print(f"{len(new)} texts, {len(left)} without English")
    return 1 if left or faults or misplaced(new) else 0


if __name__ == "__main__":
    sys.exit(main())
