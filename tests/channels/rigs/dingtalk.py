"""A DingTalk group's robot on the practice group of this machine."""

from __future__ import annotations

from typing import Any, ClassVar

from channels.dingtalk import DingTalk
from channels.sandbox.dingtalk import SEND, DingTalkGroup
from tests.channels.rigs.far import MORNING, FarRig

TOKEN, SECRET = "t0ken-dingtalk-0123456789abcdef", "SECdingtalk0123456789abcdef0123456789"


class Rig(FarRig):
    """One group, whose robot asks for signatures."""

    secrets: ClassVar[tuple[str, ...]] = (TOKEN, SECRET)
    creates: ClassVar[str] = SEND
    reads_back: ClassVar[bool] = False

    def a_far_side(self) -> DingTalkGroup:
        return DingTalkGroup(token=TOKEN, secret=SECRET, now=lambda: MORNING, silence=3)

    def a_channel(self, **options: Any) -> DingTalk:
        return DingTalk.from_setting(self.setting(token_env="DINGTALK", group="政务公开群", **options), session=self.ear)

    def secret(self, name: str) -> str:
        return f"{TOKEN} {SECRET}" if name == "DINGTALK" else ""

    def shown(self) -> list[str]:
        return list(self.far.messages)
