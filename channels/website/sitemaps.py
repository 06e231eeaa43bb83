"""For search engines: an index, a map of the fixed pages, and a shard for every SHARD places of everything shown."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from content.catalogue import Line
from content.index_numbers import address
from content.offices import Office

SHARD = 100  #: places a shard, a whole number of pages: few, as a redraw reads all of one; the protocol has room for 50,000 shards
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def index(office: Office, shards: int) -> bytes:
    """The index. Says nothing of when a shard changed, so that it changes only when one is added."""
    names = ("site", *(str(number) for number in range(shards)))
    rows = "".join(f"<sitemap><loc>{escape(office.site.home)}/sitemap/{name}.xml</loc></sitemap>\n" for name in names)
    return f"{_HEAD}<sitemapindex {_SPACE}>\n{rows}</sitemapindex>\n".encode()


def fixed(office: Office, paths: Iterable[str]) -> bytes:
    """The pages that are no items."""
    return _urls(f"<url><loc>{escape(office.site.home)}/{path}</loc></url>\n" for path in paths)


def shard(office: Office, lines: Iterable[Line]) -> bytes:
    """The items of one shard, in order of place."""
    home, zone = escape(office.site.home), office.tz
    return _urls(f"<url><loc>{home}/{address(line.index_number)}.html</loc>"
                 f"<lastmod>{line.updated_at.astimezone(zone).isoformat(timespec='seconds')}</lastmod></url>\n" for line in lines)


def _urls(rows: Iterable[str]) -> bytes:
    return f"{_HEAD}<urlset {_SPACE}>\n{''.join(rows)}</urlset>\n".encode()


def robots(office: Office) -> bytes:
    """Everybody may read everything; a practice site stays out of search engines."""
    return f"User-agent: *\n{'Disallow: /' if office.sandbox else 'Allow: /'}\n\nSitemap: {office.site.home}/sitemap.xml\n".encode()
