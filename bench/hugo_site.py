"""The same site for Hugo: one page and one JSON twin an item, lists of twenty by column, month and whole, home, sitemap.

The item page carries the same meta tags, header, breadcrumb, metadata table and footer as ours.
"""

from __future__ import annotations

import json
from pathlib import Path

from bench.corpus import OFFICE, items

CONFIG = f"""
baseURL = "{OFFICE.site.home}/"
languageCode = "zh-CN"
title = "{OFFICE.site.name}"
disableKinds = ["RSS", "taxonomy"]
uglyURLs = true
hasCJKLanguage = true
[pagination]
pagerSize = 20
[taxonomies]
month = "months"
[outputs]
page = ["HTML", "JSON"]
section = ["HTML"]
home = ["HTML"]
term = ["HTML"]
[markup.goldmark.renderer]
unsafe = true
"""

#: made once a build, as Hugo's own guide has it; asked for on every page it would cost Hugo four times the whole build
NAV = """<nav><ul>{{ range site.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav>"""
HEAD = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} - %(site)s</title>
<meta name="SiteName" content="%(site)s"><meta name="SiteDomain" content="%(domain)s"><meta name="SiteIDCode" content="%(code)s">
{{ if .Params.columnname }}<meta name="ColumnName" content="{{ .Params.columnname }}"><meta name="ColumnDescription" content="{{ .Params.columnname }}栏目">
<meta name="ColumnKeywords" content="{{ .Params.columnname }}"><meta name="ColumnType" content="工作动态">{{ end }}
{{ if .IsPage }}<meta name="ArticleTitle" content="{{ .Title }}"><meta name="PubDate" content="{{ .Date.Format "2006-01-02 15:04" }}">
<meta name="ContentSource" content="%(office)s"><meta name="Keywords" content="{{ delimit .Params.keywords "," }}"><meta name="Author" content="%(office)s">
<meta name="Description" content="{{ .Params.summary }}"><meta name="Url" content="{{ .Permalink }}">{{ end }}
<link rel="canonical" href="{{ .Permalink }}"><link rel="stylesheet" href="/style.css"></head><body>
<header><a href="/">%(site)s</a>{{ partialCached "nav.html" . }}</header><main>
""" % {"site": OFFICE.site.name, "domain": OFFICE.site.domain, "code": OFFICE.site.id_code, "office": OFFICE.name}
FOOT = f"""</main><footer><p>主办单位：{OFFICE.site.organiser}</p><p>承办单位：{OFFICE.site.operator}</p><p>联系电话：{OFFICE.phone}</p>
<p>网站标识码：{OFFICE.site.id_code} {OFFICE.site.icp} {OFFICE.site.police}</p></footer></body></html>"""
SINGLE = HEAD + f"""<nav class="crumbs"><ol><li><a href="/">首页</a></li><li><a href="{{{{ .CurrentSection.RelPermalink }}}}">{{{{ .CurrentSection.Title }}}}</a></li><li>正文</li></ol></nav>
<article><h1>{{{{ .Title }}}}</h1><p>发布时间：{{{{ .Date.Format "2006-01-02 15:04" }}}} 来源：{OFFICE.name}</p>
<dl><dt>索引号</dt><dd>{{{{ .Params.index }}}}</dd><dt>发布机构</dt><dd>{OFFICE.name}</dd><dt>成文日期</dt><dd>{{{{ .Params.made }}}}</dd>
<dt>发布日期</dt><dd>{{{{ .Date.Format "2006-01-02" }}}}</dd><dt>关键词</dt><dd>{{{{ delimit .Params.keywords "、" }}}}</dd></dl>
{{{{ .Content }}}}</article>""" + FOOT
LIST = HEAD + """<h1>{{ .Title }}</h1>{{ $p := .Paginate .Pages }}<ul>{{ range $p.Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>
<time>{{ .Date.Format "2006-01-02" }}</time></li>{{ end }}</ul>{{ if $p.HasPrev }}<a href="{{ $p.Prev.URL }}">较新</a>{{ end }}
{{ if $p.HasNext }}<a href="{{ $p.Next.URL }}">较早</a>{{ end }}""" + FOOT
HOME = LIST.replace(".Paginate .Pages", ".Paginate site.RegularPages")
TWIN = """{{ dict "index_number" .Params.index "title" .Title "summary" .Params.summary "body" (.Content | string) "issued" .Date "column" .Section "keywords" .Params.keywords "link" .Permalink | jsonify }}"""


def write(root: Path, total: int) -> None:
    """Hugo's source: configuration, templates, one Markdown file an item."""
    for name, text in {"hugo.toml": CONFIG, "layouts/_default/single.html": SINGLE, "layouts/_default/list.html": LIST,
                       "layouts/index.html": HOME, "layouts/_default/single.json": TWIN, "layouts/partials/nav.html": NAV, "static/style.css": "body{}"}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for column in OFFICE.columns:
        folder = root / "content" / column.slug
        folder.mkdir(parents=True)
        (folder / "_index.md").write_text(f'---\ntitle: {column.name}\ncolumnname: {column.name}\n---\n', encoding="utf-8")
    for item in items(total):
        front = {"title": item.title, "date": item.released.isoformat(), "index": item.index_number, "summary": item.summary,
                 "made": item.made_on.isoformat(), "keywords": ["环境整治", "通知"], "columnname": item.column.name,
                 "months": [f"{item.released:%Y-%m}"]}
        # Hugo reads JSON front matter fastest
        (root / "content" / item.column.slug / f"{item.n}.md").write_text(
            json.dumps(front, ensure_ascii=False) + "\n\n" + item.markdown(), encoding="utf-8")
