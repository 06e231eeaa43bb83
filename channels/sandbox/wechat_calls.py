"""The platform's calls, with the limits and codes of its own papers (docs/channels/wechat.md names the sources)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from channels.sandbox.wechat_checks import FaultError, Request, checked, picture
from channels.sandbox.wechat_html import given_back
from channels.sandbox.wechat_state import State

ZONE = ZoneInfo("Asia/Shanghai")
LIFE = 7200  #: seconds of a token
FORCED, FORCED_APART = 20, 30  #: tokens made by force a day, seconds between two
#: calls a day of a new account
QUOTAS = {"draft/add": 1000, "draft/get": 500, "draft/delete": 1000, "draft/batchget": 1000, "freepublish/submit": 100,
          "freepublish/get": 100, "freepublish/delete": 10, "freepublish/getarticle": 100, "freepublish/batchget": 100,
          "media/uploadimg": 1000, "material/add_material": 100_000}
PUBLISHING = "freepublish/"
BANNED = 2  #: in place of 1, deleted: what the platform took from the public
#: with each of these, time passes for the jobs that run
QUESTIONS = frozenset({"freepublish/get", "freepublish/batchget", "freepublish/getarticle", "draft/get"})


class Platform:
    """The account behind the calls. Every method runs within one transaction of the state's."""

    def __init__(self, state: State, now: Callable[[], datetime]) -> None:
        self.state, self._now = state, now
        self._calls: dict[str, Callable[[Request], dict[str, Any]]] = {
            "stable_token": self._token, "media/uploadimg": self._uploadimg, "material/add_material": self._add_material,
            "draft/add": self._draft_add, "draft/get": self._draft_get, "draft/batchget": self._draft_batchget,
            "draft/delete": self._draft_delete, "freepublish/submit": self._submit, "freepublish/get": self._get,
            "freepublish/batchget": self._batchget, "freepublish/getarticle": self._getarticle, "freepublish/delete": self._delete}

    def answer(self, request: Request) -> dict[str, Any]:
        """The answer to a call; business errors are answers too."""
        with self.state.transaction():
            try:
                answer = self._answer(request)
            except FaultError as fault:
                answer = self.fault(fault.code, fault.said)
            self.state.do("INSERT INTO calls(day, name, errcode) VALUES(?, ?, ?)", self._day(), request.name, answer.get("errcode", 0))
        return answer

    def fault(self, code: int, said: str) -> dict[str, Any]:
        """An errcode with its rid, as every refusal bears one."""
        at = int(self._now().timestamp())
        return {"errcode": code, "errmsg": f"{said} rid: {at:x}-{abs(code):08x}-18ff931f"}

    def _answer(self, request: Request) -> dict[str, Any]:
        call = self._calls.get(request.name)
        if call is None:
            raise FaultError(40066, "invalid url")
        if request.name != "stable_token":
            self._let_in(request)
        if request.name in QUESTIONS:
            self._time_passes()
        return call(request)

    def _let_in(self, request: Request) -> None:
        token = request.params.get("access_token", "")
        if not token:
            raise FaultError(41001, "access_token missing")
        if token != self.state.note("token"):
            raise FaultError(40001, "invalid credential, access_token is invalid or not latest, could get access_token by "
                                    "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r")
        if self._now().timestamp() >= float(self.state.note("token until")):
            raise FaultError(42001, "access_token expired")
        switches = self.state.switches
        if switches.personal and request.name.startswith(PUBLISHING):
            raise FaultError(48001, "api unauthorized")
        if switches.quotas and request.name in QUOTAS:
            row = self.state.row("SELECT count(*) AS n FROM calls WHERE day = ? AND name = ? AND errcode <> 45009",
                                 self._day(), request.name)
            if row and row["n"] >= switches.allowed.get(request.name, QUOTAS[request.name]):
                raise FaultError(45009, "reach max api daily quota limit")

    def _day(self) -> str:
        return f"{self._now().astimezone(ZONE):%Y-%m-%d}"

    # tokens and pictures

    def _token(self, request: Request) -> dict[str, Any]:
        said = request.said
        if said.get("grant_type") != "client_credential":
            raise FaultError(40002, "invalid grant_type")
        if not str(said.get("appid", "")).startswith("wx"):
            raise FaultError(40013, "invalid appid")
        if not said.get("secret") or said["secret"] != (self.state.switches.secret or said["secret"]):
            raise FaultError(40125, "invalid appsecret")
        self.state.keep("app id", str(said["appid"]))
        at, until = self._now().timestamp(), float(self.state.note("token until") or 0)
        if not self.state.note("token") or until - at < 300 or until - at > LIFE or (said.get("force_refresh") and self._forced(at)):
            self.state.keep("token", "89_" + self.state.next_id("token", 133))
            until = at + LIFE
            self.state.keep("token until", str(until))
        return {"access_token": self.state.note("token"), "expires_in": int(until - at)}

    def _forced(self, at: float) -> bool:
        """Whether a token is made anew because somebody insists: 20 times a day, and not within 30 seconds of the last time."""
        if abs(at - float(self.state.note("forced at") or 0)) < FORCED_APART:
            return False
        times = int(self.state.note(f"forced {self._day()}") or 0) + 1
        if times > FORCED:
            raise FaultError(45009, "reach max api daily quota limit")
        self.state.keep("forced at", str(at))
        self.state.keep(f"forced {self._day()}", str(times))
        return True

    def _uploadimg(self, request: Request) -> dict[str, Any]:
        data, kind = picture(request)
        if kind not in ("image/jpeg", "image/png"):
            raise FaultError(40005, "invalid file type")
        if len(data) >= 1_000_000:
            raise FaultError(40009, "invalid image size")
        name = self.state.next_id("picture", 60)
        self.state.do("INSERT INTO pictures VALUES(?, ?, ?)", name, kind, data)
        return {"url": f"http://mmbiz.qpic.cn/mmbiz_{kind[6:]}/{name}/0?wx_fmt={kind[6:]}"}

    def _add_material(self, request: Request) -> dict[str, Any]:
        data, kind = picture(request)
        if len(data) > 10_000_000:
            raise FaultError(45001, "media size out of limit")
        name = self.state.next_id("material", 64)
        self.state.do("INSERT INTO pictures VALUES(?, ?, ?)", name, kind, data)
        return {"media_id": name, "url": f"http://mmbiz.qpic.cn/mmbiz_{kind[6:]}/{name}/0?wx_fmt={kind[6:]}", "item": []}

    # drafts

    def _draft_add(self, request: Request) -> dict[str, Any]:
        articles = request.said.get("articles")
        if not isinstance(articles, list) or not 1 <= len(articles) <= 8 or not isinstance(articles[0], dict):
            raise FaultError(47001, "data format error")
        article = checked(articles[0])
        if not self.state.row("SELECT 1 FROM pictures WHERE id = ?", article["thumb_media_id"]):
            raise FaultError(40007, f"invalid media_id hint: [{article['thumb_media_id'][:8]}]")
        media_id = self.state.next_id("draft", 64)
        self.state.do("INSERT INTO drafts(media_id, article, at, questions) VALUES(?, ?, ?, ?)", media_id,
                      json.dumps(article, ensure_ascii=False), int(self._now().timestamp()), self.state.switches.lag)
        return {"media_id": media_id, "item": [{"index": 0, "ad_count": 0}]}  # no errcode: success has none here

    def _draft(self, request: Request) -> dict[str, Any]:
        row = self.state.row("SELECT * FROM drafts WHERE media_id = ?", request.said.get("media_id", ""))
        if row is None:
            raise FaultError(40007, f"invalid media_id hint: [{str(request.said.get('media_id', ''))[:8]}]")
        return dict(row)

    def _draft_get(self, request: Request) -> dict[str, Any]:
        return {"news_item": [self._back(self._draft(request)["article"], url="http://mp.weixin.qq.com/s?tempkey=preview")]}

    def _draft_batchget(self, request: Request) -> dict[str, Any]:
        items = [{"media_id": row["media_id"], "update_time": row["at"],
                  "content": {"news_item": [self._back(row["article"], bare=bool(request.said.get("no_content")))]}}
                 for row in self._listed("drafts")]
        return _page(items, request)

    def _draft_delete(self, request: Request) -> dict[str, Any]:
        self.state.do("DELETE FROM drafts WHERE media_id = ?", self._draft(request)["media_id"])
        return {"errcode": 0, "errmsg": "ok"}

    def _listed(self, table: str) -> list[Any]:
        """Newest first, without what has not arrived in the list yet; each question brings it nearer."""
        rows = self.state.rows(f"SELECT * FROM {table} WHERE questions = 0 ORDER BY n DESC")  # noqa: S608  # the name is ours
        self.state.do(f"UPDATE {table} SET questions = questions - 1 WHERE questions > 0")  # noqa: S608
        return rows

    @staticmethod
    def _back(article: str, *, bare: bool = False, **more: Any) -> dict[str, Any]:
        item = json.loads(article)
        return {**item, "content": "" if bare else given_back(item["content"]), "thumb_url": "", **more}

    # publishing

    def _submit(self, request: Request) -> dict[str, Any]:
        switches, media_id = self.state.switches, str(request.said.get("media_id", ""))
        before = self.state.row("SELECT * FROM jobs WHERE media_id = ? ORDER BY n DESC", media_id)
        if before and self.state.row("SELECT 1 FROM drafts WHERE media_id = ?", media_id) and switches.second_submit != "again":
            if switches.second_submit == "error":
                raise FaultError(53503, "draft is being published")
            return {"errcode": 0, "errmsg": "ok", "publish_id": before["publish_id"], "msg_data_id": before["n"]}
        return self.publish(self._draft(request))

    def publish(self, draft: dict[str, Any]) -> dict[str, Any]:
        """Begin to publish a draft."""
        n = int(self.state.note("last job") or 0) + 1
        self.state.keep("last job", str(n))
        publish_id, article_id = str(2247483650 + n), self.state.next_id("article", 43)
        self.state.do("INSERT INTO jobs(publish_id, media_id, article, article_id, status, questions) VALUES(?, ?, ?, ?, 1, ?)", publish_id,
                      draft["media_id"], draft["article"], article_id, self.state.switches.questions)
        if self.state.switches.draft_removed == "submit":
            self.state.do("DELETE FROM drafts WHERE media_id = ?", draft["media_id"])
        self.finish()
        return {"errcode": 0, "errmsg": "ok", "publish_id": publish_id, "msg_data_id": 2247483647 + n}

    def _time_passes(self) -> None:
        self.state.do("UPDATE jobs SET questions = questions - 1 WHERE status = 1 AND questions > 0")
        self.finish()

    def finish(self) -> None:
        """End the jobs whose time has come."""
        switches = self.state.switches
        for job in self.state.rows("SELECT * FROM jobs WHERE status = 1 AND questions = 0 ORDER BY n"):
            self.state.do("UPDATE jobs SET status = ? WHERE n = ?", switches.verdict, job["n"])
            self.state.do("INSERT INTO events(publish_id, told) VALUES(?, 0)", job["publish_id"])
            if switches.verdict == 0:
                self.state.do("DELETE FROM drafts WHERE media_id = ?", job["media_id"])
                self.state.do("INSERT INTO articles(article_id, article, at, deleted, questions) VALUES(?, ?, ?, 0, ?)", job["article_id"],
                              job["article"], int(self._now().timestamp()), switches.lag)

    def _get(self, request: Request) -> dict[str, Any]:
        return self.job(str(request.said.get("publish_id", "")))

    def job(self, publish_id: str) -> dict[str, Any]:
        """How a job stands, in the words of freepublish/get."""
        job = self.state.row("SELECT * FROM jobs WHERE publish_id = ?", publish_id)
        if job is None:
            raise FaultError(53601, "invalid publish_id")
        answer: dict[str, Any] = {"publish_id": job["publish_id"], "publish_status": job["status"], "fail_idx": []}
        article = self.state.row("SELECT deleted FROM articles WHERE article_id = ?", job["article_id"])
        if article and article["deleted"]:  # 5: somebody deleted it since; 6: the platform took it from the public
            return {**answer, "publish_status": 6 if article["deleted"] == BANNED else 5}
        if job["status"] == 0:
            answer |= {"article_id": job["article_id"],
                       "article_detail": {"count": 1, "item": [{"idx": 1, "article_url": self._url(job["article_id"])}]}}
        elif job["status"] in (2, 3, 4):
            answer["fail_idx"] = [1]
        return answer

    def _url(self, article_id: str) -> str:
        return f"{self.state.note('address') or 'http://mp.weixin.qq.com'}/s/{article_id}"

    def _batchget(self, request: Request) -> dict[str, Any]:
        bare = bool(request.said.get("no_content"))
        items = [{"article_id": row["article_id"], "update_time": row["at"], "content": {"news_item": [
                    self._back(row["article"], bare=bare, url=self._url(row["article_id"]), is_deleted=row["deleted"] == 1)]}}
                 for row in self._listed("articles")]
        return _page(items, request)

    def _article(self, request: Request) -> dict[str, Any]:
        row = self.state.row("SELECT * FROM articles WHERE article_id = ?", str(request.said.get("article_id", "")))
        if row is None:
            raise FaultError(53600, "invalid article_id")
        return dict(row)

    def _getarticle(self, request: Request) -> dict[str, Any]:
        row = self._article(request)
        return {"news_item": [self._back(row["article"], url=self._url(row["article_id"]), is_deleted=row["deleted"] == 1)]}

    def _delete(self, request: Request) -> dict[str, Any]:
        self.state.do("UPDATE articles SET deleted = 1 WHERE article_id = ?", self._article(request)["article_id"])
        return {"errcode": 0, "errmsg": "ok"}


def _page(items: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    offset, most = int(request.said.get("offset", 0)), int(request.said.get("count", 0))
    if not 1 <= most <= 20:
        raise FaultError(47001, "data format error")
    shown = items[offset:offset + most]
    return {"total_count": len(items), "item_count": len(shown), "item": shown}
