"""钉钉自定义机器人: a text into a group, signed. What is promised stands in docs/channels/dingtalk.md."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
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

API = "https://oapi.dingtalk.com"
PATH = "/robot/send"
ONE_OR_TWO = re.compile(r"[!-~]+(?:[ \t]+[!-~]+)?")  #: the token, and perhaps the signing secret
SECURITY = "安全设置不符（关键词、加签或 IP）；请在群的机器人设置里核对，并核对本机时间"
CODES = Codes("钉钉", {
    -1: Code(Meaning.DOUBT, "钉钉系统繁忙"),
    130101: Code(Meaning.SPENT, "发送太频繁（每分钟20条），机器人被停10分钟，之后会自动再发", timedelta(minutes=10)),
    410100: Code(Meaning.SPENT, "发送太频繁，机器人被停10分钟，之后会自动再发", timedelta(minutes=10)),
    300001: Code(Meaning.SHUT, "access_token 无效：机器人可能已被删除；请重新添加，并更新环境变量"),
    310000: Code(Meaning.SHUT, SECURITY),
    400013: Code(Meaning.SHUT, "群已解散；请换一个群，并更新环境变量"),
    400101: Code(Meaning.SHUT, "access_token 不存在；请核对环境变量"),
    400102: Code(Meaning.SHUT, "机器人已停用；请在群的机器人设置里启用"),
    400106: Code(Meaning.SHUT, "机器人不存在；请重新添加，并更新环境变量"),
    400105: Code(Meaning.REFUSED, "消息类型不被接受；请把本条提示交给系统维护人员"),
    430101: Code(Meaning.REFUSED, "含有不安全的外链；请核对网页地址"),
    430102: Code(Meaning.REFUSED, "含有不合适的文字；请修改后重新签发"),
    430103: Code(Meaning.REFUSED, "含有不合适的图片；请修改后重新签发"),
    430104: Code(Meaning.REFUSED, "含有不合适的内容；请修改后重新签发"),
    40035: Code(Meaning.REFUSED, "参数不合规；请把本条提示交给系统维护人员"),
})


class DingTalk:
    """One group's robot. Its secrets: `access_token SEC…`, the second word only where the group asks for a signature (加签)."""

    kind: ClassVar[str] = "dingtalk"
    label: ClassVar[str] = "钉钉群"
    limits: ClassVar[Limits] = Limits(text=18_000, count=sent_bytes, unit="字节", max_images=0)  #: of the 20,000 of a message

    def __init__(self, name: str, robot: Robot) -> None:
        self.name, self._robot = name, robot

    @classmethod
    def from_setting(cls, setting: Setting, *, session: requests.Session | None = None, timeout: tuple[float, float] = TIMEOUT) -> Self:
        """Build from configuration; the secrets themselves are asked for at the first call, so that previews need none."""
        options = Options(setting)
        options.only({"token_env", "group", "api", "follows"})
        try:
            remote = Remote(options.text("api", API), session=session, timeout=timeout)
        except ConfigurationError as error:
            raise options.wrong("api", str(error)) from None
        secret = Credential(setting, options.text("token_env"), wanted_for=f"向{cls.label}发送",
                               called="“access_token”或“access_token 加签密钥”", form=ONE_OR_TWO)
        return cls(setting.name, Robot(
            setting, remote, path=PATH, codes=CODES, limits=cls.limits, label=cls.label, secret=secret,
            group=options.text("group", "群消息"), address=signed))

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


def signed(said: str, at: datetime) -> Mapping[str, str]:
    """What the address bears: the token, and where there is a second word, the signature of this instant, good for an hour.

    Source: open.dingtalk.com, 自定义机器人安全设置, 加签.
    """
    token, *signing = said.split()
    if not signing:
        return {"access_token": token}
    (secret,) = signing
    stamp = str(int(at.timestamp() * 1000))
    code = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {"access_token": token, "timestamp": stamp, "sign": base64.b64encode(code).decode()}
