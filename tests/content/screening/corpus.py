"""The lines that screening is held to: what must be found, and what must be left alone."""

from __future__ import annotations

from html import escape
from pathlib import Path

HERE = Path(__file__).parent


def true_lines() -> list[tuple[str, str]]:
    """(rule, line) of everything that must be found."""
    return [tuple(line.split("\t", 1)) for line in _lines("lines_true.txt")]  # type: ignore[misc]


def harmless_lines() -> list[str]:
    """Lines in which nothing may be found."""
    return _lines("lines_harmless.txt")


def _lines(name: str) -> list[str]:
    return [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def words(line: str) -> dict[str, str]:
    """A line of either file as the fields of an item."""
    if line.startswith("title:"):
        return {"title": line.removeprefix("title:")}
    title = "关于停车管理实施细则公开征求意见的公告" if line.startswith("consulting:") else "街道工作动态"
    return {"title": title, "body": body(line.removeprefix("consulting:"))}


def body(line: str) -> str:
    """⏎ parts paragraphs, or rows where ｜ parts cells; <br> and <strong> stay."""
    if "｜" in line:
        rows = "".join("<tr>" + "".join(f"<td>{_escaped(cell)}</td>" for cell in row.split("｜")) + "</tr>" for row in line.split("⏎"))
        return f"<table><tbody>{rows}</tbody></table>"
    return "".join(f"<p>{_escaped(paragraph)}</p>" for paragraph in line.split("⏎"))


def _escaped(text: str) -> str:
    out = escape(text, quote=False)
    for tag in ("br", "strong", "/strong"):
        out = out.replace(f"&lt;{tag}&gt;", f"<{tag}>")
    return out
