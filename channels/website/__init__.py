"""政府网站: static pages, a page and a JSON twin for every item, lists by place, months, sitemap. No script, no clock."""

from channels.website.surface import Website

__all__ = ["Website"]
