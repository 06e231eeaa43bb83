"""What a channel may raise. The class says what is known; the message says what happened and what to do."""

from __future__ import annotations

from datetime import timedelta

IN_DOUBT = "不能确定是否已发出；核实之前不会再发，请等系统核实，或到该渠道查看后登记结果"  #: how the message of an AmbiguousError ends


class ChannelError(Exception):
    """Base of everything a channel raises on purpose."""

    def __str__(self) -> str:
        cause = f": {self.__cause__}" if self.__cause__ else ""
        return super().__str__() + cause


class TransientError(ChannelError):
    """Nothing was posted, and a later try may succeed."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnusableError(TransientError):
    """Nothing was posted, and nothing will be until someone mends the channel itself. Its run stops."""


class QuotaError(TransientError):
    """Nothing was sent: the account has used up what the platform grants it for now. Its run stops until there is room."""


class PermanentError(ChannelError):
    """Nothing was posted, and the same request would fail again."""


class UnsuitableError(PermanentError):
    """This edition does not fit this channel; nothing was sent. Found before sign-off by the same code."""


class HandworkError(PermanentError):
    """Nothing was done, and no program can do it here: a person does, and says so in the ledger."""


class AmbiguousError(ChannelError):
    """The request left us and no usable answer came back: it may have been posted."""


class SilenceError(AmbiguousError):
    """The line broke, nobody answered in time, or a gateway answered in the platform's stead: that tells of the channel, too."""


class TakenOverError(Exception):
    """Another process, or a person, has this delivery in hand by now: what was about to be sent is not sent."""


class UnsignedError(Exception):
    """What came in a platform's name does not bear its signature, is out of date, or cannot be read. The message is for the log."""


class ConfigurationError(Exception):
    """The channel itself is wrongly set up, and is not built: what shows only at work is an UnusableError.

    Not a ChannelError, so that nothing that excuses a failed delivery can swallow it: no delivery is to blame.
    """
