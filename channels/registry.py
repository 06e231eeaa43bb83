"""Every kind of channel we have. A new kind is one file and one line here."""

from __future__ import annotations

from channels.base import Outlet, Setting, Surface
from channels.bluesky import Bluesky
from channels.board import Board
from channels.dingtalk import DingTalk
from channels.errors import ConfigurationError
from channels.feed import Feed
from channels.mastodon import Mastodon
from channels.portal import Portal
from channels.website import Website
from channels.wechat import WeChat
from channels.wecom import WeCom
from channels.weibo import Weibo

_CHANNELS: tuple[type[Surface | Outlet], ...] = (
    Website,
    Feed,
    Board,
    WeChat,
    Weibo,
    WeCom,
    DingTalk,
    Mastodon,
    Portal,
    Bluesky,
)

KINDS: dict[str, type[Surface | Outlet]] = {channel.kind: channel for channel in _CHANNELS}
LABELS: dict[str, str] = {kind: channel.label for kind, channel in KINDS.items()}


def build(setting: Setting, kind: str) -> Surface | Outlet:
    """The channel that one [[office.channel]] section asks for.

    Raises:
        ConfigurationError: the kind is unknown, or a key of the section is missing or wrong.
    """
    try:
        channel = KINDS[kind]
    except KeyError:
        raise ConfigurationError(f"channel {setting.name!r}: kind {kind!r} is unknown; known are {', '.join(sorted(KINDS))}") from None
    return channel.from_setting(setting)
