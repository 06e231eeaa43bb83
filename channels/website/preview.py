"""The item's page before it is public: the site's own template around the rendition that would be signed."""

from __future__ import annotations

from functools import partial

from channels.base import Scene, Shown
from channels.preview_page import HTML, kept_file
from channels.website.pages import Pages, stylesheet
from content.catalogue import Entry
from content.index_numbers import address, file_address
from content.memory import item_urn

#: links of the page lead nowhere in a preview: what else is on the site does not show this item yet
ELSEWHERE = '<!DOCTYPE html><html lang="zh-CN"><title>预览</title><p>预览里只有这一页；公开以后，这个链接才通向网站的其他页面。</p></html>'


def show(pages: Pages, scene: Scene, path: str) -> Shown | None:
    """The page, the style sheet, the edition's files; of other pages only a word that they are not here."""
    edition = scene.edition
    here = address(edition.index_number)
    if path == f"{here}.html":
        entry = Entry(edition=edition, released_at=scene.first_at or scene.at, updated_at=scene.at,
                      urn=item_urn(edition.office, edition.index_number))
        return Shown(media_type=HTML, data=pages.item(entry, scene.rendition, here))
    if path == "style.css":
        return Shown(media_type="text/css; charset=utf-8", data=stylesheet())
    if path.endswith(".html"):
        return Shown(media_type=HTML, data=ELSEWHERE.encode())
    return kept_file(scene, path, partial(file_address, edition.index_number))
