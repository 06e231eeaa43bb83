"""The practice account as its followers see it, and its draft box as its staff do."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from channels.sandbox.wechat_calls import ZONE

if TYPE_CHECKING:
    from channels.sandbox.wechat import Sandbox

STYLE = """
:root{--ink:#191919;--soft:#6b6b6b;--line:#ececec;--link:#4a5f8c;--go:#07895a}
*{box-sizing:border-box}
body{margin:0;
 background:#f4f4f4;color:var(--ink);font:16px/1.7
 -apple-system,"PingFang SC","Noto Sans CJK SC","Noto Sans SC",
 "Microsoft YaHei",sans-serif}
.practice{background:#fff7e0;color:#6b4e00;text-align:center;font-size:13px;padding:6px 12px}
main{max-width:677px;margin:0 auto;background:#fff;min-height:100vh;padding:28px 24px 64px}
a{color:var(--link);text-decoration:none}
a:hover,a:focus-visible{text-decoration:underline}
.account{display:flex;align-items:center;gap:16px;margin-bottom:20px}
.seal{flex:none;width:56px;height:56px;border-radius:50%;background:#8f1d1d;color:#f2dfb8;display:grid;place-items:center;font-size:24px}
.account h1{font-size:20px;margin:0;line-height:1.4}.account p{margin:0;color:var(--soft);font-size:14px}
h2{font-size:15px;color:var(--soft);font-weight:400;margin:28px 0 4px}
ul.list{list-style:none;margin:0;padding:0}
ul.list li{border-bottom:1px solid var(--line)}
ul.list a{display:flex;gap:16px;justify-content:space-between;padding:14px 0;color:inherit}
ul.list strong{font-weight:500;display:block}
ul.list time,ul.list .digest{color:var(--soft);font-size:13px;font-variant-numeric:tabular-nums}
ul.list img{flex:none;width:112px;height:48px;object-fit:cover;border-radius:4px;background:#eee}
ul.drafts li{padding:12px 0;display:flex;gap:12px;justify-content:space-between;align-items:center}
button{font:inherit;
 font-size:14px;border:0;border-radius:4px;background:var(--go);color:#fff;padding:6px 18px;min-height:36px;cursor:pointer}
article h1{font-size:22px;line-height:1.4;margin:0 0 12px}
.meta{color:var(--soft);font-size:15px;margin:0 0 24px}.meta span{margin-right:10px}.meta .who{color:var(--link)}
.content{overflow-wrap:break-word;text-align:justify}.content img{max-width:100%;height:auto}
.content table{max-width:100%}.content ul,.content ol{padding-left:1.6em}
.more{margin-top:28px;font-size:15px}
.none{color:var(--soft);padding:40px 0;text-align:center}
"""


def page(sandbox: Sandbox, path: str) -> tuple[str, bytes] | None:
    """Media type and bytes of a page or picture; None if there is none."""
    if path == "/":
        return _html(_home(sandbox))
    if path.startswith("/s/"):
        row = sandbox.state.row("SELECT * FROM articles WHERE article_id = ? AND deleted = 0", path[3:])
        return _html(_article(sandbox, row["article"], row["at"])) if row else None
    if path.startswith("/mmbiz/"):
        row = sandbox.state.row("SELECT type, data FROM pictures WHERE id = ?", path[7:])
        return (row["type"], row["data"]) if row else None
    return None


def missing() -> str:
    """Where an article was deleted, and where there was none."""
    gone = '<p class="none">该内容已被发布者删除，或从未发布。</p>'
    return _frame("该内容已被发布者删除", f'{gone}<p class="none"><a href="/">返回公众号</a></p>')


def _html(text: str) -> tuple[str, bytes]:
    return "text/html; charset=utf-8", text.encode()


def _frame(title: str, body: str) -> str:
    return ('<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
            '<div class="practice">练习环境：这是本机模拟的微信公众平台，内容不会公开</div>'
            f"<main>{body}</main></body></html>")


def _home(sandbox: Sandbox) -> str:
    account, articles, drafts = sandbox.state.switches.account, sandbox.articles(), sandbox.drafts()
    said = f"已发布 {len(articles)} 篇，草稿箱 {len(drafts)} 篇"
    seal = f'<div class="seal" aria-hidden="true">{escape(account[:1])}</div>'
    out = [f'<header class="account">{seal}<div><h1>{escape(account)}</h1><p>{said}</p></div></header>']
    if drafts:
        rows = "".join(_draft(draft) for draft in reversed(drafts))
        out.append(f'<h2>草稿箱（只有工作人员能看到）</h2><ul class="list drafts">{rows}</ul>')
    month = ""
    for article in reversed(articles):
        at = _time(article["at"])
        if f"{at:%Y-%m}" != month:
            out.append(("</ul>" if month else "") + f'<h2>{at.year}年{at.month}月</h2><ul class="list">')
            month = f"{at:%Y-%m}"
        out.append(_row(article, at))
    out.append("</ul>" if month else '<p class="none">还没有发布文章。</p>')
    return _frame(account, "".join(out))


def _row(article: dict[str, Any], at: datetime) -> str:
    return (f'<li><a href="/s/{article["article_id"]}"><span><strong>{escape(article["title"])}</strong>'
            f'<time datetime="{at.isoformat()}">{at.month}月{at.day}日 {at:%H:%M}</time></span>'
            f'<img src="/mmbiz/{article["thumb_media_id"]}" alt="" loading="lazy"></a></li>')


def _draft(draft: dict[str, Any]) -> str:
    return (f'<li><span><strong>{escape(draft["title"])}</strong><span class="digest">{escape(draft["digest"])}</span></span>'
            f'<form method="post" action="/_publish"><input type="hidden" name="media_id" value="{draft["media_id"]}">'
            f"<button>发布</button></form></li>")


def _article(sandbox: Sandbox, stored: str, when: int) -> str:
    article, at = json.loads(stored), _time(when)
    content = re.sub(r"https?://mmbiz\.qpic\.cn/mmbiz_[a-z]+/([0-9a-f]+)/0\?wx_fmt=[a-z]+", r"/mmbiz/\1", article["content"])
    author = f"<span>{escape(article['author'])}</span>" if article["author"] else ""
    source = f'<p class="more"><a href="{escape(article["content_source_url"])}" rel="noopener">阅读原文</a></p>' if article[
        "content_source_url"] else ""
    meta = (f'{author}<a class="who" href="/">{escape(sandbox.state.switches.account)}</a> '
            f'<time datetime="{at.isoformat()}">{at.year}年{at.month}月{at.day}日 {at:%H:%M}</time>')
    return _frame(article["title"], f'<article><h1>{escape(article["title"])}</h1><p class="meta">{meta}</p>'
                                    f'<div class="content">{content}</div>{source}</article>')


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, ZONE)
