"""A practice 微信公众平台: the calls, quirks and quotas of the real one, moods on command, and pages as followers see them.

    python -m channels.sandbox.wechat --port 8631 --state wechat-practice.db

What the vendor leaves open is a switch (`wechat_state.Switches`); how it fails is a mood (`MOODS`). Listens on loopback only.
"""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from channels.sandbox.wechat_calls import BANNED, Platform
from channels.sandbox.wechat_checks import Request
from channels.sandbox.wechat_events import Push, deliver, pushes
from channels.sandbox.wechat_http import Handler
from channels.sandbox.wechat_state import State

#: how the platform may behave; those that answer at all still answer HTTP 200, as it does
MOODS = {
    "fine": "as it should",
    "busy": "45011 to everything: too many calls a minute",
    "overloaded": "-1 to everything: its own trouble",
    "out of quota": "45009 to everything: no calls left today",
    "refuses": "a code that will never change for this article",
    "bars": "our address is not on its list: no token, and the old one is void",
    "forgets its token": "the token is void before every call, as when another program fetches one",
    "turns the token down": "40001 to everything but the fetching of tokens: its gates do not know what it hands out",
    "silent after accepting": "does it, then says nothing for longer than anyone listens",
    "hangs up after accepting": "does it, then cuts the line",
    "hangs up before accepting": "reads it, does nothing, cuts the line",
    "garbles": "does it, then answers with a page of HTML",
    "fails after accepting": "does it, then answers 502",
    "half an answer": "does it, then cuts the answer short",
    "empty answer": "does it, then answers nothing in 200",
    "wrong charset": "does it, then says so in GB18030",
    "late commit": "cuts the line, and does it only when `commit` is called",
}
REFUSALS = {"freepublish/submit": (53503, "draft fails pre-publish check"), "draft/add": (45166, "invalid content"),
            "media/uploadimg": (40005, "invalid file type"), "material/add_material": (40004, "invalid media type"),
            "freepublish/delete": (53600, "invalid article_id")}
SILENCE = 30.0  #: seconds


class Sandbox:
    """The platform with one account. Its state is a file; a second sandbox on that file knows what the first was told."""

    def __init__(self, path: Path, port: int = 0, *, now: Callable[[], datetime] | None = None, silence: float = SILENCE) -> None:
        self.state = State(path)
        self._wall = now or (lambda: datetime.now(UTC))
        self.platform = Platform(self.state, self.now)
        self.silence, self.closing = silence, threading.Event()
        self._moods: dict[str, tuple[str, int | None]] = {}
        self._played: dict[str, tuple[int, str]] = {}
        self._late: list[Request] = []
        self._tellers: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Listen, on a thread of its own."""
        self.state.keep("address", self.url)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def serve(self) -> None:
        """Listen until interrupted."""
        self.state.keep("address", self.url)
        self._server.serve_forever()

    def hang_up(self) -> None:
        """Stop listening; what it remembers can still be looked at."""
        self.closing.set()
        if self._thread:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()
        for teller in self._tellers:
            teller.join()

    def stop(self) -> None:
        """Stop listening and let go of the file."""
        self.hang_up()
        self.state.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # what a test, a demo or a teacher asks of it

    def now(self) -> datetime:
        """The platform's clock: set by hand, or the one it was given."""
        at = self.state.note("clock")
        return datetime.fromisoformat(at) if at else self._wall()

    def set_clock(self, at: datetime | None) -> None:
        """Let it be that instant until told otherwise; None: follow the clock it was given."""
        self.state.keep("clock", at.isoformat() if at else "")

    def mood(self, word: str, call: str = "*", times: int | None = None) -> None:
        """Behave so, in one call or all, for so many times or until told otherwise. "fine" without a call clears all.

        Raises:
            ValueError: there is no such mood.
        """
        if word not in MOODS:
            raise ValueError(f"no mood {word!r}; known are {', '.join(MOODS)}")
        with self._lock:
            if word == "fine" and call == "*":
                self._moods.clear()
                self._played.clear()
            else:
                self._moods[call] = (word, times)

    def play(self, code: int, said: str, call: str) -> None:
        """Answer that call with this errcode, and do nothing, until all is fine again."""
        with self._lock:
            self._played[call] = (code, said)

    def played(self, call: str) -> tuple[int, str] | None:
        """The errcode with which that call is answered now; None: it is done."""
        with self._lock:
            return self._played.get(call)

    def mood_of(self, call: str) -> str:
        """How the next such call will be met."""
        with self._lock:
            return self._mood(call)[1]

    def mood_for(self, call: str) -> str:
        """How to meet this call; counts down."""
        with self._lock:
            name, word = self._mood(call)
            if word != "fine" and (times := self._moods[name][1]) is not None:
                self._moods[name] = (word, times - 1)
            return word

    def _mood(self, call: str) -> tuple[str, str]:
        for name in (call, "*"):
            word, times = self._moods.get(name, ("fine", None))
            if word != "fine" and times != 0:
                return name, word
        return call, "fine"

    def switch(self, **changes: Any) -> None:
        """See `Switches`."""
        self.state.switch(**changes)

    def do_late(self, request: Request) -> None:
        """Keep a call to be done at `commit`."""
        with self._lock:
            self._late.append(request)

    def commit(self) -> int:
        """Do what was accepted and left lying; how many calls that were."""
        with self._lock:
            late, self._late = self._late, []
        for request in late:
            self.platform.answer(request)
        return len(late)

    def pushes(self) -> list[Push]:
        """What it says of its own accord by now, signed and ready, as `events` has it; each is handed out once."""
        return pushes(self.state, self.platform, self.now())

    def tell(self) -> int:
        """Say it to the callback address; how many were heard."""
        address = self.state.switches.callback
        return sum(deliver(address, push) for push in self.pushes()) if address else 0

    def tell_meanwhile(self) -> None:
        """The same, on a thread of its own: whoever is told may ask back at once."""
        if self.state.switches.callback:
            teller = threading.Thread(target=self.tell, daemon=True)
            with self._lock:
                self._tellers = [*filter(threading.Thread.is_alive, self._tellers), teller]
                teller.start()

    def forget_token(self) -> None:
        """As when another program fetched a token by force."""
        self.state.keep("token", "")

    def publish_by_hand(self, media_id: str) -> None:
        """Press 发布 in the console.

        Raises:
            KeyError: no such draft.
        """
        with self.state.transaction():
            row = self.state.row("SELECT * FROM drafts WHERE media_id = ?", media_id)
            if row is None:
                raise KeyError(media_id)
            self.platform.publish(dict(row))

    def take_off(self, article_id: str, *, banned: bool = False) -> None:
        """As when somebody deletes an article in the console, or the platform bans it."""
        with self.state.transaction():
            self.state.do("UPDATE articles SET deleted = ? WHERE article_id = ?", BANNED if banned else 1, article_id)

    def articles(self) -> list[dict[str, Any]]:
        """What the public sees, oldest first."""
        return [{"article_id": row["article_id"], "at": row["at"], **json.loads(row["article"])}
                for row in self.state.rows("SELECT * FROM articles WHERE deleted = 0 ORDER BY n")]

    def drafts(self) -> list[dict[str, Any]]:
        """What lies in the draft box, oldest first."""
        return [{"media_id": row["media_id"], "at": row["at"], **json.loads(row["article"])}
                for row in self.state.rows("SELECT * FROM drafts ORDER BY n")]

    def calls(self, name: str = "") -> int:
        """How many calls of that name were answered; of every name if none is given."""
        row = self.state.row("SELECT count(*) AS n FROM calls WHERE name = ? OR ? = ''", name, name)
        return int(row["n"]) if row else 0

    def refusal(self, call: str) -> dict[str, Any]:
        """What "refuses" answers."""
        return self.platform.fault(*REFUSALS.get(call, (47001, "data format error")))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        super().__init__(address, Handler)


def main(arguments: list[str] | None = None) -> None:
    """Run it for people to practise with."""
    parser = argparse.ArgumentParser(description="A practice WeChat Official Account platform on this machine")
    parser.add_argument("--port", type=int, default=8631)
    parser.add_argument("--state", type=Path, required=True, metavar="FILE", help="where it remembers; made if missing")
    parser.add_argument("--account", help="the account's name on its pages")
    parser.add_argument("--fast", action="store_true", help="publishing ends at once, as in the demo")
    parser.add_argument("--personal", action="store_true", help="an account without the right to publish: drafts only")
    given = parser.parse_args(arguments)
    sandbox = Sandbox(given.state, given.port)
    sandbox.switch(personal=given.personal, questions=0 if given.fast else 1, **({"account": given.account} if given.account else {}))
    print(f"practice platform: {sandbox.url}  (set api = \"{sandbox.url}\" in gongkai.toml; Ctrl-C ends it)", flush=True)  # noqa: T201
    try:
        sandbox.serve()
    except KeyboardInterrupt:
        sandbox.stop()


if __name__ == "__main__":
    main()
