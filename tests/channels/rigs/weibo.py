"""A Weibo account on the practice platform of this machine."""

from __future__ import annotations

from typing import Any, ClassVar

from channels.sandbox.weibo import SHARE, WeiboAccount
from channels.weibo import Weibo
from tests.channels.rigs.far import MORNING, FarRig

TOKEN = "2.00s3cret-weibo-0123456789"


class Rig(FarRig):
    """One account."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    creates: ClassVar[str] = SHARE

    def a_far_side(self) -> WeiboAccount:
        return WeiboAccount(token=TOKEN, domain="qingshui.example.gov.cn", now=lambda: MORNING, silence=3)

    def a_channel(self, **options: Any) -> Weibo:
        return Weibo.from_setting(self.setting(token_env="WEIBO", account="清水街道发布", **options), session=self.ear)

    def secret(self, name: str) -> str:
        return TOKEN if name == "WEIBO" else ""

    def shown(self) -> list[str]:
        return [post["text"] for post in self.far.posts]
