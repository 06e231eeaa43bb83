"""Outlets that break each promise, so that who counts can be seen to count: they write into a practice group, as a robot does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from bench.chaos_stations import WeCom
from channels.base import Errand, Limits, Outlet, Rendition, Setting
from channels.errors import ChannelError, PermanentError
from channels.remote import Remote
from channels.sandbox.wecom import SEND
from content.deliveries import Posting, Status
from content.items import Edition
from ledger.queries import DeliveryLine


class Careless:
    """Takes silence for a no, and tries again."""

    kind: ClassVar[str] = "careless"
    label: ClassVar[str] = "粗心"
    limits: ClassVar[Limits] = Limits()

    def __init__(self, name: str, remote: Remote) -> None:
        self.name, self._remote = name, remote

    @classmethod
    def from_setting(cls, setting: Setting) -> Self:
        return cls(setting.name, Remote(str(setting.options["api"])))

    def render(self, edition: Edition) -> Rendition:
        return Rendition(body=f"{edition.title} {edition.index_number}")

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        said = {"msgtype": "text", "text": {"content": rendition.body}}
        self._remote.call("POST", SEND, creates=False, params={"key": WeCom.environment["CHAOS_WECOM"]}, json=said)
        return Posting(ref=errand.key)


class Forgetful(Careless):
    """Takes silence for a yes."""

    kind = "forgetful"

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        try:
            return super().post(rendition, errand=errand)
        except ChannelError:
            return Posting(ref=errand.key)


class Timid(Careless):
    """Takes silence for a refusal, and leaves it to a person to say so to the public."""

    kind = "timid"

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        try:
            return super().post(rendition, errand=errand)
        except ChannelError as error:
            raise PermanentError(str(error)) from None


class CarelessStation(WeCom):
    """The group, and one of them."""

    kind = "careless"
    outlets: ClassVar[Mapping[str, type[Outlet]]] = {"careless": Careless}

    def options(self) -> Mapping[str, Any]:
        return {}

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        return line.status is Status.UNCONFIRMED  # killed: these keep no steps that would tell more


class ForgetfulStation(CarelessStation):
    kind = "forgetful"
    outlets: ClassVar[Mapping[str, type[Outlet]]] = {"forgetful": Forgetful}


class TimidStation(CarelessStation):
    kind = "timid"
    outlets: ClassVar[Mapping[str, type[Outlet]]] = {"timid": Timid}
