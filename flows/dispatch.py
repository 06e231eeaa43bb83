"""Carry one delivery to one outlet, or look for what an earlier attempt may have posted. Plain Python.

Only here does what a channel raised become an Outcome. The flow adds when and how often, never the meaning. Whoever
calls has checked that `rendition` bears the seal that was signed, and has written the attempt down before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from channels.base import Amends, Errand, Finds, Outlet, Rendition, Withdraws, may_replace
from channels.errors import (
    AmbiguousError,
    ChannelError,
    HandworkError,
    PermanentError,
    QuotaError,
    SilenceError,
    TransientError,
    UnsuitableError,
    UnusableError,
)
from content.deliveries import REPLACED, REPLACING, Action, Delivery, Outcome, Posting, Status
from content.rules import wait


def carry(channel: Outlet, delivery: Delivery, rendition: Rendition, errand: Errand) -> Outcome:
    """One attempt at one delivery.

    Raises:
        ValueError: the errand is that of another delivery.
    """
    if errand.key != delivery.key:
        raise ValueError(f"the errand of {errand.key} came with the delivery {delivery.key}")
    return _sorted(lambda: _act(channel, delivery, rendition, errand), delivery.posting)


def _sorted(act: Callable[[], Outcome], standing: Posting | None) -> Outcome:
    """What a channel raises, as what is known."""
    try:
        return act()
    except TransientError as error:
        spent = isinstance(error, QuotaError)  # a channel that has used up what it is granted is well all the same
        return Outcome(status=Status.DEFERRED, detail=str(error), retry_after=error.retry_after, well=None if spent else False,
                       stops_channel=isinstance(error, UnusableError), stops_action=spent)
    except HandworkError as error:
        return Outcome(status=Status.BY_HAND, posting=standing, detail=str(error), well=True)
    except PermanentError as error:
        # a clear no is an answer; of what does not fit nobody was asked
        return Outcome(status=Status.REFUSED, detail=str(error), well=None if isinstance(error, UnsuitableError) else True)
    except AmbiguousError as error:
        # what is only slow, or cannot be looked for, says nothing against the channel; a gateway without a platform behind it does
        return Outcome(status=Status.UNCONFIRMED, detail=str(error), well=False if isinstance(error, SilenceError) else None)


def _act(channel: Outlet, delivery: Delivery, rendition: Rendition, errand: Errand) -> Outcome:
    posting: Posting
    match delivery.action:
        case Action.PUBLISH | Action.REPOST:
            posting = channel.post(rendition, errand=errand)
        case Action.CORRECT | Action.WITHDRAW if delivery.posting and delivery.posting.told:
            # asked for by that name, a channel would say that there is nothing, and what stands there would pass for withdrawn
            return Outcome(status=Status.BY_HAND, posting=delivery.posting, detail=_for_a_person(channel, delivery))
        case Action.CORRECT if isinstance(channel, Amends) and delivery.posting:
            posting = channel.amend(delivery.posting, rendition, errand=errand)
        case Action.CORRECT if may_replace(channel) and delivery.posting and delivery.posting.live:
            return _replace(channel, delivery, delivery.posting, rendition, errand)
        case Action.WITHDRAW if isinstance(channel, Withdraws) and delivery.posting:
            channel.withdraw(delivery.posting, errand=errand)
            # what was taken back waits for nobody, whether or not it had been before the public
            return Outcome(status=Status.POSTED, posting=delivery.posting, well=True)
        case _:
            return Outcome(status=Status.BY_HAND, posting=delivery.posting, detail=_for_a_person(channel, delivery))
    return replace(_made(posting), well=True)


def _replace(channel: Outlet, delivery: Delivery, old: Posting, rendition: Rendition, errand: Errand) -> Outcome:
    """更正 where nothing can be changed: take the older posting back, then post anew, each written down before and after.

    Taking back may be repeated; posting is as safe as any first post. Killed between the two, the next attempt goes on from there.
    """
    if errand.steps.get(REPLACED) != old.ref:
        if not isinstance(channel, Withdraws):
            return Outcome(status=Status.BY_HAND, posting=old, detail=_for_a_person(channel, delivery))
        errand.steps.put(REPLACING, old.ref)
        try:
            channel.withdraw(old, errand=errand)
        except PermanentError as error:
            return Outcome(status=Status.BY_HAND, posting=old, detail=f"原来的一条没有撤下（{error}），更正没有发。"
                           + _for_a_person(channel, delivery))
        errand.steps.put(REPLACED, old.ref)
    return replace(_sorted(lambda: replace(_made(channel.post(rendition, errand=errand)), well=True), None), removed=True)


def look(channel: Outlet, delivery: Delivery, errand: Errand) -> Outcome:
    """What became of an unconfirmed delivery.

    POSTED or BY_HAND: it is there. DEFERRED: it is surely not there, and may be tried again. REFUSED: the far side took it,
    and turned it down in the end. UNCONFIRMED: nobody knows yet; `stops_channel`: mend the channel before anyone can look.

    Raises:
        ValueError: the errand is that of another delivery.
    """
    if errand.key != delivery.key:
        raise ValueError(f"the errand of {errand.key} came with the delivery {delivery.key}")
    old = delivery.posting
    return replace(_looked(channel, delivery, errand), removed=old is not None and errand.steps.get(REPLACED) == old.ref)


def _looked(channel: Outlet, delivery: Delivery, errand: Errand) -> Outcome:
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
        # one that could not be asked was not looked at: that is made up for soon, and counts for nothing
        retry_after = wait(2, error.retry_after) if isinstance(error, TransientError) else None
        return Outcome(status=Status.UNCONFIRMED, detail=str(error), retry_after=retry_after,
                       stops_channel=isinstance(error, (QuotaError, UnusableError)))
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
    if delivery.posting.told:
        return f"这一条是人工登记的，系统不知道它在{channel.label}上的编号，请人工{word}：{delivery.posting.url or delivery.posting.ref}"
    return f"{channel.label}不能由系统{word}，请人工处理：{delivery.posting.url or delivery.posting.ref}"
