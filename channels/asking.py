"""Questions, which change nothing: what an answer must be before anything is concluded from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from channels.errors import AmbiguousError, ChannelError, PermanentError, TransientError

T = TypeVar("T")


def asking(question: Callable[[], T], unanswered: type[ChannelError] = AmbiguousError) -> T:
    """The answer to a question. A refusal to answer says nothing of what was asked about, so it never counts as one to publish.

    Raises:
        ChannelError: it was refused, as `unanswered`; or what the question raises besides.
    """
    try:
        return question()
    except PermanentError as error:
        message = f"无法核实：{error}"
    raise unanswered(message)


def listed(said: Any, platform: str) -> list[dict[str, Any]]:
    """A list as it was answered. Whatever else came under a success holds nothing, and says of nothing that it is not there.

    Raises:
        TransientError: it is no list of objects.
    """
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise TransientError(f"{platform}的应答里没有列表，这次没有看成；稍后会自动再看，如反复出现，请核对该渠道的 api 地址")
    return said
