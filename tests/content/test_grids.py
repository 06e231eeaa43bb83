"""Spans of a table, made sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.grids import Grid, grid
from content.html import parse

CELLS = st.tuples(st.sampled_from(["td", "th"]), st.sampled_from(["", "0", "1", "2", "3", "9", "-1", "x", "1000000"]),
                  st.sampled_from(["", "0", "1", "2", "3", "9", "一"]))


def of(body: str) -> Grid:
    return grid(next(parse(body).find_all("table")))


@given(table=st.lists(st.lists(CELLS, max_size=4), max_size=5), head=st.integers(0, 3))
def test_every_place_is_filled_once_and_every_cell_is_there(table, head):
    """Spans that overlap, run out of the table or say nothing."""
    lines = ["<tr>" + "".join(f"<{tag} colspan='{across}' rowspan='{down}'>字</{tag}>" for tag, across, down in row) + "</tr>" for row in table]
    found = of(f"<table><thead>{''.join(lines[:head])}</thead><tbody>{''.join(lines[head:])}</tbody></table>")
    cells = [cell for row in found.rows for cell in row]
    assert len(found.places()) == sum(cell.across * cell.down for cell in cells) == len(found.rows) * found.columns
    assert sum(cell.node is not None for cell in cells) == sum(map(len, table))
    assert found.head < max(len(found.rows), 1)
    assert all(cell.row + cell.down <= found.head for row in found.rows[:found.head] for cell in row)


@pytest.mark.parametrize(("body", "head"), [
    ("<tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr>", 1), ("<tr><th>甲</th><td>乙</td></tr><tr><td>1</td><td>2</td></tr>", 0),
    ("<tr><th>甲</th></tr><tr><th>乙</th></tr><tr><td>1</td></tr>", 2), ("<thead><tr><td>甲</td></tr></thead><tr><th>乙</th></tr><tr><td>1</td></tr>", 1),
    ("<tr><th rowspan='2'>甲</th><th>乙</th></tr><tr><td>丙</td></tr><tr><td>1</td><td>2</td></tr>", 2), ("<tr><th>甲</th></tr>", 0), ("", 0)])
def test_what_heads_a_table(body, head):
    assert of(f"<table>{body}</table>").head == head


def test_the_foot_comes_last():
    found = of("<table><tfoot><tr><td>末</td></tr></tfoot><tbody><tr><td>中</td></tr></tbody><thead><tr><th>首</th></tr></thead></table>")
    assert [row[0].node.text() for row in found.rows] == ["首", "中", "末"]
