"""A WeCom group's robot on the practice group of this machine."""

from __future__ import annotations

from typing import Any, ClassVar

from channels.sandbox.wecom import SEND, WeComGroup
from channels.wecom import WeCom
from tests.channels.rigs.far import MORNING, FarRig

KEY = "b1c5f6a0-0123-4567-89ab-secretwecom1"


class Rig(FarRig):
    """One group."""

    secrets: ClassVar[tuple[str, ...]] = (KEY,)
    creates: ClassVar[str] = SEND
    reads_back: ClassVar[bool] = False

    def a_far_side(self) -> WeComGroup:
        return WeComGroup(key=KEY, now=lambda: MORNING, silence=3)

    def a_channel(self, **options: Any) -> WeCom:
        return WeCom.from_setting(self.setting(key_env="WECOM_KEY", group="政务公开群", **options), session=self.ear)

    def secret(self, name: str) -> str:
        return KEY if name == "WECOM_KEY" else ""

    def shown(self) -> list[str]:
        return list(self.far.messages)
