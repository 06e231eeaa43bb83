"""Killed anywhere on its way, an article appears once: the process is ended before and after every call and every step written down.

The platform and the ledger's memory are outside the process that dies: a sandbox in a process of its own, a file of steps.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from PIL import Image as Pictures

from channels.base import Call, Errand, Setting
from channels.errors import AmbiguousError, ChannelError
from channels.wechat import WeChat
from content.deliveries import HEARD
from content.items import Image
from tests.builders import an_edition, an_office
from tests.channels.rigs.wechat import MORNING, PUSH_TOKEN, SECRET, Store

ROOT = Path(__file__).parents[2]
DIED = 9  #: exit code of a process that was ended by its test


def _picture() -> bytes:
    out = io.BytesIO()
    Pictures.new("RGB", (60, 40), "#aa3333").save(out, "PNG")
    return out.getvalue()


PICTURE = _picture()
IMAGE = Image(name="map.png", media_type="image/png", size=len(PICTURE), sha256=hashlib.sha256(PICTURE).hexdigest(), alt="示意图")


class Platform:
    """The sandbox as staff run it, in a process of its own."""

    def __init__(self, folder: Path, *switches: str) -> None:
        self.state = folder / "platform.db"
        self.process = subprocess.Popen([sys.executable, "-m", "channels.sandbox.wechat", "--port", "0", "--state", str(self.state), *switches],
                                        cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        found = re.search(r"http://127\.0\.0\.1:\d+", self.process.stdout.readline())
        assert found
        self.url = found.group()

    def tell(self, command: str, **said: object) -> None:
        requests.post(f"{self.url}/_{command}", json=said, timeout=5).raise_for_status()

    def articles(self) -> int:
        return self._ask("SELECT count(*) FROM articles")

    def drafts(self) -> int:
        return self._ask("SELECT count(*) FROM drafts")

    def _ask(self, question: str) -> int:
        with closing(sqlite3.connect(self.state)) as db:
            return int(db.execute(question).fetchone()[0])

    def forget(self) -> None:
        with closing(sqlite3.connect(self.state, timeout=30)) as db:
            db.executescript("DELETE FROM articles; DELETE FROM drafts; DELETE FROM jobs; DELETE FROM events;")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    made = Platform(tmp_path)
    yield made
    made.close()


class Steps:
    """A ledger's memory of one delivery: written down means on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, name: str) -> str | None:
        if name == HEARD:  # the desk's to write, a process of its own
            heard = self.path.with_suffix(".heard")
            return json.dumps(heard.read_text().splitlines()) if heard.exists() else None
        known: dict[str, str] = json.loads(self.path.read_text()) if self.path.exists() else {}
        return known.get(name)

    def put(self, name: str, value: str) -> None:
        known = json.loads(self.path.read_text()) if self.path.exists() else {}
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({**known, name: value}))
        fresh.replace(self.path)


class Fuse:
    """Counts what happens, and ends the process when its time has come."""

    def __init__(self, burn: int | None) -> None:
        self.left = burn

    def tick(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                os._exit(DIED)


class FusedSteps(Steps):
    def __init__(self, path: Path, fuse: Fuse) -> None:
        super().__init__(path)
        self.fuse = fuse

    def put(self, name: str, value: str) -> None:
        self.fuse.tick()
        super().put(name, value)
        self.fuse.tick()


class FusedSession(requests.Session):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse

    def send(self, *args, **how):
        self.fuse.tick()
        answer = super().send(*args, **how)
        self.fuse.tick()
        return answer


EDITION = an_edition(body='<p>图：</p><p><img src="map.png" alt="示意图"></p>', images=(IMAGE,))
KEY = "006123456/2024-00017#1:publish@wechat"


def tick(platform: Platform, steps: Path, *, minutes: int, burn: int | None, **options) -> str:
    """What one tick of the publish flow does with a delivery, in a process that may die: settle if in doubt, else post.

    The last word of the process: posted, by_hand, doubt, later; dead if it died.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.write(writer, _work(platform, steps, minutes, burn, options).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as words:
        said = words.read().decode()
    _, status = os.waitpid(child, 0)
    return said if os.waitstatus_to_exitcode(status) == 0 else "dead"


def _channel(url: str, *, session: requests.Session | None = None, **options: object) -> WeChat:
    setting = Setting(name="wechat", office=an_office(), home=Path(), secret=lambda name: {"S": SECRET, "PUSH_TOKEN": PUSH_TOKEN}.get(name, ""),
                      options={"app_id": "wx1", "secret_env": "S", "api": url, "polls": [0], **options})
    return WeChat.from_setting(setting, session=session, timeout=(20, 20), pause=lambda seconds: None)


def _work(platform: Platform, steps: Path, minutes: int, burn: int | None, options: dict[str, object]) -> str:
    fuse = Fuse(burn)
    channel = _channel(platform.url, session=FusedSession(fuse), **options)
    errand = Errand(key=KEY, at=MORNING + timedelta(minutes=minutes), steps=FusedSteps(steps, fuse), blobs=Store({IMAGE.sha256: PICTURE}))
    tried = steps.with_suffix(".tried")
    try:
        if tried.exists() and (found := channel.find(errand=errand)):  # an attempt without an outcome: look first
            posting = found
        else:
            tried.touch()  # the ledger writes the attempt down before it is made
            posting = channel.post(channel.render(EDITION), errand=errand)
    except AmbiguousError:
        return "doubt"
    except ChannelError:
        tried.unlink(missing_ok=True)  # nothing was posted: an outcome
        return "later"
    return "posted" if posting.live else "by_hand"


def run(platform: Platform, folder: Path, burns: list[int], **options) -> str:
    """Ticks every quarter of an hour, each dying where it is told, then undisturbed ones; the last word."""
    steps = folder / "steps.json"
    said = ""
    for n, burn in enumerate([*burns, *[None] * 8]):
        said = tick(platform, steps, minutes=15 * n, burn=burn, **options)
        if said in ("posted", "by_hand"):
            break
    return said


def _clean(folder: Path) -> None:
    for left in folder.glob("steps.*"):
        left.unlink()


MOMENTS = 28  #: before and after each of six calls and eight steps of one article with a picture
DRAFT_MOMENTS = 18  #: of four calls and five steps where only a draft is made


def test_counts_the_moments_it_may_die_at(platform, tmp_path):
    """A fuse longer than the way never burns down; one moment shorter does: so the tests below try them all."""
    for moments, last_word, options in ((MOMENTS, "posted", {}), (DRAFT_MOMENTS, "by_hand", {"mode": "draft_only"})):
        for burn, said in ((moments, last_word), (moments - 1, "dead")):
            _clean(tmp_path)
            assert tick(platform, tmp_path / "steps.json", minutes=0, burn=burn, **options) == said


@pytest.mark.parametrize("on_doubt", ["resubmit", "ask"])
@pytest.mark.parametrize(("removed", "second"), [("submit", "error"), ("finish", "again")])
def test_killed_at_any_moment_it_appears_once(tmp_path, removed, second, on_doubt):
    """In the one moment where nobody can know (the submit is written down, and then nothing), a person decides unless told otherwise."""
    platform = Platform(tmp_path)
    asked = []
    platform.tell("switch", draft_removed=removed, second_submit=second, quotas=False)
    try:
        for moment in range(MOMENTS):
            platform.tell("clock", at=MORNING.isoformat())
            _clean(tmp_path)
            platform.forget()
            said = run(platform, tmp_path, [moment], on_doubt=on_doubt)
            if said == "doubt":
                asked.append(moment)
                assert platform.articles() == 0, f"killed at moment {moment}"
            else:
                assert (said, platform.articles()) == ("posted", 1), f"killed at moment {moment}"
    finally:
        platform.close()
    steps_before_submit = 2  # after "submitting" was written, before the call went out
    assert len(asked) == (steps_before_submit if on_doubt == "ask" else 0)


class Desk:
    """What the desk does with a platform's call: keep it, whatever the processes that carry deliveries go through."""

    def __init__(self, folder: Path) -> None:
        heard, channel = folder / "steps.heard", _channel("http://127.0.0.1:9", push_token_env="PUSH_TOKEN")

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                said = channel.hear(Call(query=dict(parse_qsl(urlsplit(self.path).query)), body=body), at=MORNING)
                with heard.open("a", encoding="utf-8") as file:
                    file.write(f"{said.news.word}\n" if said.news else "")
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing to tell."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("seed", range(6))
def test_killed_again_and_again_it_appears_once(platform, desk, tmp_path, seed):
    """Several deaths on one way, at moments drawn by lot; under every choice the vendor leaves open, with and without its news."""
    lot = random.Random(seed)
    platform.tell("switch", draft_removed=lot.choice(["submit", "finish"]), second_submit=lot.choice(["ok", "error", "again"]),
                  questions=lot.choice([0, 1, 3]), lag=lot.choice([0, 1]), quotas=False, callback=desk.address, callback_token=PUSH_TOKEN,
                  events=["once", "lost", "twice", "reversed"][seed % 4])
    platform.tell("clock", at=MORNING.isoformat())
    for n in range(10):
        _clean(tmp_path)
        platform.forget()
        if lot.random() < 0.5:  # another program fetches a token in between
            platform.tell("mood", mood="forgets its token", call=lot.choice(["draft/add", "freepublish/submit", "freepublish/get"]), times=1)
        said = run(platform, tmp_path, [lot.randrange(MOMENTS) for _ in range(lot.randrange(1, 5))], on_doubt="resubmit")
        asked = (Steps(tmp_path / "steps.json").get("submitting") or "").startswith("2 ")  # it died twice at the one moment nobody can know
        assert (said, platform.articles()) == (("doubt", 0) if said == "doubt" and asked else ("posted", 1)), (seed, n)


def test_killed_at_any_moment_there_is_one_draft_for_a_person(platform, tmp_path):
    for moment in range(DRAFT_MOMENTS):
        _clean(tmp_path)
        platform.forget()
        said = run(platform, tmp_path, [moment], mode="draft_only")
        assert (said, platform.drafts(), platform.articles()) == ("by_hand", 1, 0), f"killed at moment {moment}"


def test_the_platform_itself_may_be_killed(tmp_path):
    """Its memory is a file: training and demo go on where they stopped."""
    platform = Platform(tmp_path)
    platform.tell("switch", questions=5)
    assert tick(platform, tmp_path / "steps.json", minutes=0, burn=None) == "doubt"
    platform.close()
    again = Platform(tmp_path)
    try:
        assert run(again, tmp_path, []) == "posted"
        assert again.articles() == 1
    finally:
        again.close()
