"""What people see when something is not right: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk import scratch

MARKS = 36  #: characters in ASCII that a form sends by itself: codes, days, random names


def told(request: HttpRequest, *, title: str, words: str, status: int, texts: Sequence[str] = ()) -> HttpResponse:
    """A page that says one thing; `texts`: what the person typed and may want back."""
    return render(request, "desk/told.html", {"title": title, "words": words, "texts": texts}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """What came is no request this desk can read."""
    return told(request, title=_("请求有误"), status=400,
                words=_("浏览器送来的内容不完整或过大，没有保存任何内容。请返回上一页重试；文件过大时请压缩或拆分。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """No such page, or none for this person."""
    return told(request, title=_("没有这个页面"), words=_("地址可能有误，或者您没有这个单位的权限。请从首页重新进入。"), status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    return told(request, title=_("系统出错"), status=500,
                words=_("出错的操作没有保存。请返回上一页再试；仍然出错时，请把时间和页面地址告诉管理员。"))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form does not carry the mark that this desk gave it. Its words are shown, to be copied; nothing is done with them."""
    return told(request, title=_("页面已过期"), status=403, texts=_typed(request),
                words=_("为防止他人冒用您的身份，这次提交没有执行，也没有保存。常见的原因是在另一个页面里重新登录过。"
                        "请打开原来的页面再提交一次；刚才写的内容如下，可以复制过去。"))


def _typed(request: HttpRequest) -> list[str]:
    """The words that were sent, as far as they are more than a mark, a number or a choice."""
    words = scratch.words_of(request.POST) or {}
    return [value for values in words.values() for value in values if len(value) > MARKS or not value.isascii()]


def locked_out(request: HttpRequest, *_args: Any, **_words: Any) -> HttpResponse:
    """Too many wrong passwords."""
    return told(request, title=_("暂时不能登录"), status=429,
                words=_("密码多次输错，十五分钟内不能再用这个账号登录。忘记密码时请联系管理员重设。"))
