"""A publishing job, from the submit to its end: what the platform says of its own accord, else questions, few and far between.

It answers 100 questions a day for the whole account. The first are waited for within the attempt; each later one has its
instant, and whoever looks before then spends nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from channels.base import Errand
from channels.errors import AmbiguousError, ChannelError, PermanentError, TransientError
from channels.wechat_codes import FAILED_JOBS, number
from channels.wechat_look import Look
from channels.wechat_plan import ASKED, DRAFTING, JOB, LISTED, SUBMITTING, WEIGHED, Plan
from channels.wechat_push import Event, events
from content.deliveries import HEARD, Posting

PATIENCE = 60.0  #: seconds after the submit for which an attempt waits


class Job:
    """The job of one delivery."""

    def __init__(self, plan: Plan, errand: Errand, look: Look) -> None:
        self._plan, self._at, self._steps, self._look = plan, errand.at, errand.steps, look
        self._heard = ""  #: the news as they were last read

    def wait(self, job: str) -> Posting:
        """Stay for the first questions.

        Raises:
            PermanentError: it has ended without an article before the public.
            AmbiguousError: it has not ended, or that cannot be told.
        """
        passed = max((self._at - self._submitted()).total_seconds(), 0.0)
        try:
            for second in self._plan.polls[self._asked():]:
                if second > max(passed, PATIENCE):
                    break
                if second > passed:
                    self._plan.pause(second - passed)
                    passed = second
                if done := self._heard_of(job) or self._ask(job):
                    return done
        except PermanentError:
            raise
        except ChannelError as error:
            message = f"已提交发布，但查不到结果（{error}）；系统会继续核实，请勿手工重发"
        else:
            message = f"已提交，微信仍在发布（任务 {job}）；系统会继续核实，请勿手工重发"
        raise AmbiguousError(message)

    def end(self, job: str) -> Posting:
        """How it ended, as far as it is time to ask.

        Raises:
            PermanentError: without an article before the public.
            AmbiguousError: nobody knows yet.
            TransientError: the platform cannot be asked now.
        """
        if done := self._heard_of(job):
            return done
        asked, polls = self._asked(), self._plan.polls
        if asked < len(polls):
            self._not_before(job, self._submitted() + timedelta(seconds=polls[asked]))
            if done := self._ask(job):
                return done
            raise AmbiguousError(f"微信仍在发布（任务 {job}）；系统会继续核实")
        if last := self._steps.get(LISTED):
            self._not_before(job, datetime.fromisoformat(last) + timedelta(seconds=polls[-1]))
        self._steps.put(LISTED, self._at.isoformat())
        if found := self._look.article(since=self._begun()):
            return found
        raise AmbiguousError(f"已问过{asked}次，微信仍在发布（任务 {job}），已发布列表里也还没有；请到公众平台查看后登记结果")

    def found_by_news(self) -> Posting | None:
        """The article among those that the platform said it published, where the job's own number was never learnt."""
        if not (news := self._news()):
            return None
        told = [event for event in news if event.status == 0 and event.article_id]
        found = next((article for event in told if (article := self._look.named(event.article_id))), None)
        self._weighed(found)
        return found

    def _heard_of(self, job: str) -> Posting | None:
        """What the platform's own news say of this job, once they are confirmed: news may be forged or out of order."""
        event = next((event for event in reversed(self._news()) if event.publish_id == job), None)
        if event is None:
            return None
        found = self._look.named(event.article_id) if event.status == 0 and event.article_id else self._ask(job)
        self._weighed(found)
        return found

    def _news(self) -> list[Event]:
        self._heard = self._steps.get(HEARD) or ""
        return [] if self._heard == self._steps.get(WEIGHED) else events(self._heard)

    def _weighed(self, found: Posting | None) -> None:
        if not found:  # what has come in the meantime was not looked into
            self._steps.put(WEIGHED, self._heard)

    def _not_before(self, job: str, due: datetime) -> None:
        if self._at < due:
            when = f"{due.astimezone(self._at.tzinfo):%m-%d %H:%M}"
            raise AmbiguousError(f"微信仍在发布（任务 {job}）；{when} 以后再询问，微信先推送结果则立即核实")

    def _ask(self, job: str) -> Posting | None:
        before = self._steps.get(ASKED) or ""
        self._steps.put(ASKED, str(self._asked() + 1))
        try:
            answer = self._look.ask("freepublish/get", {"publish_id": job})
        except TransientError:
            self._steps.put(ASKED, before)  # not answered, perhaps not even sent: it does not count
            raise
        status = number(answer.get("publish_status"))
        if status == 0:
            items = (answer.get("article_detail") or {}).get("item") or [{}]
            article = str(answer.get("article_id") or "")
            return Posting(ref=article, url=items[0].get("article_url")) if article else self._look.article(since=self._begun())
        if status == 1:
            return None
        if status not in FAILED_JOBS:
            raise AmbiguousError(f"微信返回未登记的发布状态 {answer.get('publish_status')!r}；请到公众平台查看")
        for step in (JOB, SUBMITTING, ASKED, LISTED):  # it is over: should someone queue it again, it may be submitted again
            self._steps.put(step, "")
        raise PermanentError(f"微信没有发布这篇文章：{FAILED_JOBS[status]}")

    def _asked(self) -> int:
        return int(self._steps.get(ASKED) or 0)

    def _submitted(self) -> datetime:
        when = (self._steps.get(SUBMITTING) or "").partition(" ")[2]
        return datetime.fromisoformat(when) if when else self._at

    def _begun(self) -> datetime | None:
        begun = self._steps.get(DRAFTING)
        return datetime.fromisoformat(begun) if begun else None
