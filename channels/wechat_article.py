"""An edition as the HTML that survives in a 公众号 article.

The platform keeps flat markup with inline styles and drops the rest (docs/channels/wechat.md): no classes, no fixed sizes,
no fonts, no links but to its own articles. Links become numbered notes; pictures keep their names until they are posted.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

from channels.wechat_tables import in_blocks
from content.grids import grid
from content.html import BLOCKS, Node, parse
from content.items import Attachment, Edition
from content.metadata import ended

OWN_HOST = "mp.weixin.qq.com"  #: articles of the platform itself may be linked
MANY_COLUMNS = 5  #: from here on a table is set smaller, to be read on a phone

_WHOLE = "font-size:16px;line-height:1.8"
_P = "margin:0 0 1em"
_HEADINGS = {
    "h2": "margin:1.6em 0 .8em;padding-left:.6em;border-left:4px solid #b5302a;font-size:18px",
    "h3": "margin:1.2em 0 .6em;font-size:17px",
    "h4": "margin:1em 0 .5em",
}
_TABLE = "width:100%;margin:0 0 1em;border-collapse:collapse"
_CELL = "border:1px solid #ccc;padding:4px 6px"
_QUOTE = "margin:0 0 1em;padding-left:.8em;border-left:3px solid #ccc"
_SMALL = "margin:0;font-size:14px;color:#666"
_RULE = '<hr style="margin:1.6em 0 1em;border:0;border-top:1px solid #ccc">'
_SAME = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u", "ins": "u", "sub": "sub", "sup": "sup"}


def article(edition: Edition, *, full_title: bool, has_page: bool, blocks: bool = True) -> str:
    """The article's body.

    Args:
        edition: what is said.
        full_title: begin with the whole title, because the title field holds a short one.
        has_page: 阅读原文 leads to this item, so that attachments can be had there.
        blocks: wide tables become blocks of lines, which say every heading again for each row.
    """
    writer = _Writer(blocks=blocks)
    parts = []
    if full_title:
        parts.append(_p(f"<strong>{escape(edition.title, quote=False)}</strong>", f"{_P};font-size:18px"))
    if over := ended(edition.metadata):
        parts.append(_p(f"<strong>{escape(over, quote=False)}</strong>", _QUOTE))
    if edition.change_note:
        parts.append(_p(f"<strong>更正说明：</strong>{escape(edition.change_note, quote=False)}", _QUOTE))
    parts += [writer.flow(parse(edition.body)), _attachments(edition.attachments, has_page=has_page), writer.notes(), _RULE,
              _facts(edition, has_page=has_page)]
    return f'<section style="{_WHOLE}">{"".join(parts)}</section>'


def _p(inner: str, style: str = _P) -> str:
    return f'<p style="{style}">{inner}</p>'


def _attachments(files: tuple[Attachment, ...], *, has_page: bool) -> str:
    if not files:
        return ""
    rows = "".join(f"<li>{escape(file.name, quote=False)}（{_size(file.size)}）</li>" for file in files)
    hint = "（点击文末“阅读原文”查看和下载）" if has_page else "（请向发布机构索取）"
    return f'{_p(f"<strong>附件</strong>{hint}")}<ul style="{_P}">{rows}</ul>'


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"


def _facts(edition: Edition, *, has_page: bool) -> str:
    facts = [("索引号", edition.index_number), ("文号", edition.document_number),
             ("发布机构", edition.issuing_body if edition.source else ""),
             ("成文日期", f"{edition.made_on.year}年{edition.made_on.month}月{edition.made_on.day}日"),
             ("信息来源", edition.source or edition.issuing_body)]
    lines = [f"{name}：{escape(value, quote=False)}" for name, value in facts if value]
    if has_page:
        lines.append("网页版：点击文末“阅读原文”")
    return "".join(_p(line, _SMALL) for line in lines)


class _Writer:
    """Walks a body once, collecting its links on the way."""

    def __init__(self, *, blocks: bool) -> None:
        self._blocks = blocks
        self._links: list[tuple[str, str]] = []  # what was linked, its address

    def flow(self, node: Node) -> str:
        """Children that may be blocks, loose text, or both mixed."""
        out: list[str] = []
        loose: list[Node | str] = []

        def end() -> None:
            if text := "".join(self._inline(child) for child in loose).strip():
                out.append(_p(text, f"{_P};text-align:center" if _only_picture(loose) else _P))
            loose.clear()

        for child in node.children:
            if isinstance(child, Node) and child.tag in BLOCKS:
                end()
                out.append(self._block(child))
            else:
                loose.append(child)
        end()
        return "".join(out)

    def _block(self, node: Node) -> str:
        match node.tag:
            case "p" | "figcaption" | "caption":
                said = self._paragraph(node)
            case "h2" | "h3" | "h4":
                said = f'<section style="{_HEADINGS[node.tag]}"><strong>{self._inlines(node)}</strong></section>'
            case "ul" | "ol":
                said = self._list(node)
            case "table":
                said = self._table(node)
            case "blockquote":
                said = f'<section style="{_QUOTE}">{self.flow(node)}</section>'
            case "pre":
                said = _p(escape(node.text().strip("\n"), quote=False).replace(" ", "&nbsp;").replace("\n", "<br>"))
            case "hr":
                said = _RULE
            case _:  # figure, and strays such as a row without its table
                said = self.flow(node)
        return said

    def _paragraph(self, node: Node) -> str:
        inner = self._inlines(node)
        if not inner:
            return ""
        if node.tag == "p":
            return _p(inner, f"{_P};text-align:center" if _only_picture(node.children) else _P)
        return _p(inner, f"{_P};font-size:14px;text-align:center;color:#666")

    def _list(self, node: Node) -> str:
        start = node.attrs.get("start", "")
        begin = f' start="{start}"' if node.tag == "ol" and start.isdigit() else ""
        items = [child if isinstance(child, Node) and child.tag == "li" else Node("li", children=[child]) for child in node.children]
        rows = "".join(f"<li>{inner}</li>" for item in items if (inner := self._within(item)))
        return f'<{node.tag}{begin} style="{_P}">{rows}</{node.tag}>'

    def _table(self, node: Node) -> str:
        captions = "".join(self._block(caption) for caption in _children(node, "caption"))
        if self._blocks and (said := in_blocks(node, self._within)) is not None:
            return captions + said
        rows = "".join(f"<tr>{''.join(self._cell(cell) for cell in _children(row, 'td', 'th'))}</tr>" for row in _rows(node))
        return f'{captions}<table style="{_TABLE};font-size:{12 if grid(node).columns >= MANY_COLUMNS else 14}px">{rows}</table>'

    def _cell(self, node: Node) -> str:
        spans = "".join(f' {name}="{value}"' for name in ("colspan", "rowspan") if (value := node.attrs.get(name, "")).isdigit())
        inner = self._within(node)
        return f'<td{spans} style="{_CELL}">{f"<strong>{inner}</strong>" if node.tag == "th" and inner else inner}</td>'

    def _within(self, node: Node) -> str:
        """Inside a list item or cell: paragraphs become lines, so that they bring no margins along."""
        out = ""
        for child in node.children:
            if isinstance(child, Node) and child.tag in ("p", "figure", "figcaption", "h2", "h3", "h4"):
                inner = self._within(child)
                out += ("<br>" if out and inner else "") + inner
            elif isinstance(child, Node) and child.tag in BLOCKS:
                out += self._block(child)
            else:
                out += self._inline(child)
        return out.strip()

    def _inlines(self, node: Node) -> str:
        return "".join(self._inline(child) for child in node.children).strip()

    def _inline(self, node: Node | str) -> str:
        if isinstance(node, str):
            return escape(re.sub(r"\s+", " ", node), quote=False)
        match node.tag:
            case "br":
                said = "<br>"
            case "img":
                name, alt = (escape(node.attrs.get(key, "")) for key in ("src", "alt"))
                said = f'<img src="{name}" alt="{alt}" style="max-width:100%">'
            case "a":
                said = self._link(node)
            case "del":
                said = f'<span style="text-decoration:line-through">{self._inlines(node)}</span>'
            case tag if tag in _SAME:
                said = f"<{_SAME[tag]}>{self._inlines(node)}</{_SAME[tag]}>"
            case _:  # code, and blocks within inlines, which no sanitised body means
                said = self._inlines(node)
        return said

    def _link(self, node: Node) -> str:
        inner, address = self._inlines(node), node.attrs.get("href", "").strip()
        if not inner or not address:
            return inner
        if urlsplit(address).hostname == OWN_HOST:
            return f'<a href="{escape(address)}">{inner}</a>'
        plain = address.removeprefix("mailto:").removeprefix("tel:")
        if plain in node.text():
            return inner  # the address is read out already
        if address not in [known for _, known in self._links]:
            self._links.append((node.text().strip(), address))
        number = 1 + [known for _, known in self._links].index(address)
        return f"{inner}<sup>[{number}]</sup>"

    def notes(self) -> str:
        """The addresses that were linked, numbered as in the text."""
        if not self._links:
            return ""
        lines = [f"[{number}] {escape(text, quote=False)}：{escape(address, quote=False)}"
                 for number, (text, address) in enumerate(self._links, 1)]
        return _p("<strong>文中链接</strong>") + "".join(_p(line, _SMALL) for line in lines)


def _only_picture(children: list[Node | str]) -> bool:
    said = [child for child in children if not isinstance(child, str) or child.strip()]
    return bool(said) and all(isinstance(child, Node) and child.tag == "img" for child in said)


def _children(node: Node, *tags: str) -> list[Node]:
    """Its own children of these tags, not those of a table within."""
    return [child for child in node.children if isinstance(child, Node) and child.tag in tags]


def _rows(table: Node) -> list[Node]:
    parts = _children(table, "thead", "tbody", "tfoot", "tr")
    return [row for part in parts for row in ([part] if part.tag == "tr" else _children(part, "tr"))]
