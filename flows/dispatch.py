"""Carry one delivery to one outlet, or look for what an earlier attempt may have posted. Plain Python.

Only here does what a channel raised become an Outcome. The flow adds when and how often, never the meaning. Whoever
calls has checked that `rendition` bears the seal that was signed, and has written the attempt down before.
"""

from __future__ import annotations

from channels.base import Amends, Errand, Finds, Outlet, Rendition, Withdraws
from channels.errors import AmbiguousError, ChannelError, PermanentError, QuotaError, TransientError, UnusableError
from content.deliveries import Action, Delivery, Outcome, Posting, Status


def carry(channel: Outlet, delivery: Delivery, rendition: Rendition, errand: Errand) -> Outcome:
    """One attempt at one delivery.

    Raises:
        ValueError: the errand is that of another delivery.
        ConfigurationError: the channel is wrongly set up; no delivery is to blame.
    """
    if errand.key != delivery.key:
        raise ValueError(f"the errand of {errand.key} came with the delivery {delivery.key}")
    try:
        return _act(channel, delivery, rendition, errand)
    except TransientError as error:
        return Outcome(status=Status.DEFERRED, detail=str(error), retry_after=error.retry_after,
                       stops_channel=isinstance(error, (QuotaError, UnusableError)))
    except PermanentError as error:
        return Outcome(status=Status.REFUSED, detail=str(error))
    except AmbiguousError as error:
        return Outcome(status=Status.UNCONFIRMED, detail=str(error))


def _act(channel: Outlet, delivery: Delivery, rendition: Rendition, errand: Errand) -> Outcome:
    posting: Posting
    match delivery.action:
        case Action.PUBLISH:
            posting = channel.post(rendition, errand=errand)
        case Action.CORRECT if isinstance(channel, Amends) and delivery.posting:
            posting = channel.amend(delivery.posting, rendition, errand=errand)
        case Action.WITHDRAW if isinstance(channel, Withdraws) and delivery.posting:
            channel.withdraw(delivery.posting, errand=errand)
            # what was taken back waits for nobody, whether or not it had been before the public
            return Outcome(status=Status.POSTED, posting=delivery.posting)
        case _:
            return Outcome(status=Status.BY_HAND, posting=delivery.posting, detail=_for_a_person(channel, delivery))
    return _made(posting)


def look(channel: Outlet, delivery: Delivery, errand: Errand) -> Outcome:
    """What became of an unconfirmed delivery.

    POSTED or BY_HAND: it is there. DEFERRED: it is surely not there, and may be tried again. REFUSED: the far side took it,
    and turned it down in the end. UNCONFIRMED: nobody knows yet; `stops_channel`: mend the channel before anyone can look.

    Raises:
        ValueError: the errand is that of another delivery.
        ConfigurationError: the channel is wrongly set up.
    """
    if errand.key != delivery.key:
        raise ValueError(f"the errand of {errand.key} came with the delivery {delivery.key}")
    if delivery.action is Action.WITHDRAW and isinstance(channel, Withdraws):
        # what is gone counts as taken back, so repeating it is as good as looking
        return Outcome(status=Status.DEFERRED, detail="撤回可以重复执行，将再撤回一次")
    if not isinstance(channel, Finds):
        return Outcome(status=Status.UNCONFIRMED, detail=f"{channel.label}无法自动核实是否已发出，请人工到该渠道查看后登记结果")
    try:
        posting = channel.find(errand=errand)
    except PermanentError as error:
        return Outcome(status=Status.REFUSED, detail=str(error))
    except ChannelError as error:
        return Outcome(status=Status.UNCONFIRMED, detail=str(error), retry_after=getattr(error, "retry_after", None),
                       stops_channel=isinstance(error, UnusableError))
    if posting is None:
        return Outcome(status=Status.DEFERRED, detail=f"已核实：{channel.label}上没有这一条，可以再发")
    return _made(posting)


def _made(posting: Posting) -> Outcome:
    if posting.live:
        return Outcome(status=Status.POSTED, posting=posting)
    return Outcome(status=Status.BY_HAND, posting=posting, detail=posting.note or "已备好，等待工作人员公开")


def _for_a_person(channel: Outlet, delivery: Delivery) -> str:
    if not delivery.posting:
        return "该渠道上没有已登记的发布件，请人工核对"
    word = {Action.CORRECT: "更正", Action.WITHDRAW: "撤回"}.get(delivery.action, str(delivery.action))
    return f"{channel.label}不能由系统{word}，请人工处理：{delivery.posting.url or delivery.posting.ref}"
