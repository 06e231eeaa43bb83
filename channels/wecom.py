"""企业微信群机器人: a text into a group. What is promised stands in docs/channels/wecom.md."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self

import requests

from channels.base import Errand, Limits, Rendition, Scene, Setting, Shown
from channels.codes import Code, Codes, Meaning
from channels.credentials import Credential
from channels.errors import ConfigurationError
from channels.options import Options
from channels.remote import TIMEOUT, Remote
from channels.robot import Robot, sent_bytes
from content.deliveries import Posting
from content.items import Edition

API = "https://qyapi.weixin.qq.com"
PATH = "/cgi-bin/webhook/send"
CODES = Codes("企业微信", {
    -1: Code(Meaning.DOUBT, "企业微信系统繁忙"),
    45009: Code(Meaning.SPENT, "发送太频繁（每分钟20条），稍后会自动再发", timedelta(minutes=1)),
    45033: Code(Meaning.SPENT, "同时发送太多，稍后会自动再发", timedelta(minutes=1)),
    93000: Code(Meaning.SHUT, "机器人地址无效：可能已被移出群或重置；请在群里重新添加机器人，并更新环境变量里的 key"),
    93004: Code(Meaning.SHUT, "机器人已被停用；请联系企业微信管理员"),
    93008: Code(Meaning.SHUT, "机器人不在该群；请在群里重新添加机器人，并更新环境变量里的 key"),
    93017: Code(Meaning.SHUT, "机器人所在的群已解散；请换一个群，并更新环境变量里的 key"),
    40008: Code(Meaning.REFUSED, "消息类型不被接受；请把本条提示交给系统维护人员"),
    40058: Code(Meaning.REFUSED, "参数不合规；请精简标题和摘要后重新签发"),
    44004: Code(Meaning.REFUSED, "内容为空；请填写标题或摘要"),
    45002: Code(Meaning.REFUSED, "内容太长；请精简标题和摘要后重新签发"),
    47001: Code(Meaning.REFUSED, "数据格式有误；请把本条提示交给系统维护人员"),
})


class WeCom:
    """One group's robot."""

    kind: ClassVar[str] = "wecom"
    label: ClassVar[str] = "企业微信群"
    limits: ClassVar[Limits] = Limits(text=2048, count=sent_bytes, unit="字节", max_images=0)  #: developer.work.weixin.qq.com, 群机器人

    def __init__(self, name: str, robot: Robot) -> None:
        self.name, self._robot = name, robot

    @classmethod
    def from_setting(cls, setting: Setting, *, session: requests.Session | None = None, timeout: tuple[float, float] = TIMEOUT) -> Self:
        """Build from configuration; the key itself is asked for at the first call, so that previews need none."""
        options = Options(setting)
        options.only({"key_env", "group", "api", "follows"})
        try:
            remote = Remote(options.text("api", API), session=session, timeout=timeout)
        except ConfigurationError as error:
            raise options.wrong("api", str(error)) from None
        key = Credential(setting, options.text("key_env"), wanted_for=f"向{cls.label}发送", called="机器人的 key ")
        return cls(setting.name, Robot(
            setting, remote, path=PATH, codes=CODES, limits=cls.limits, label=cls.label, secret=key,
            group=options.text("group", "群消息"), address=lambda key, at: {"key": key}))

    def render(self, edition: Edition) -> Rendition:
        """Title, summary, index number and link as one text."""
        return self._robot.render(edition)

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        """Say it once; where the answer is lost, a person looks into the group."""
        return self._robot.post(rendition, errand)

    def find(self, *, errand: Errand) -> Posting | None:
        """By what is written down.

        Raises:
            AmbiguousError: it may have been said; a person looks into the group.
        """
        return self._robot.find(errand)

    def preview_path(self, edition: Edition) -> str:
        """Where the preview begins."""
        return self._robot.first

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The message as in the group."""
        return self._robot.show(scene, path)
