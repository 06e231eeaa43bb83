"""A person of the stage at a browser: opens pages, fills fields by their labels, presses buttons by their words, and reads."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.models import Membership, Person
from desk.roles import SECOND_FACTOR, Role
from tests.desk.stage import NAMES, PASSWORD
from tests.flows.stage import CODE
from tests.rigs.browser import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

LAPTOP, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
#: what Chromium writes to its console where a page of ours answers 403, 409 or 422: that is read on the page
ANSWERS = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


def people(*roles: Role, extra: dict[str, tuple[str, Role]] | None = None) -> None:
    """Accounts with a password everybody knows, and a second factor where the role asks for one. `extra`: login → name and role."""
    password = make_password(PASSWORD)
    wanted = {role.value: (NAMES[role], role) for role in roles} | (extra or {})
    for login, (name, role) in wanted.items():
        person = Person.objects.create(username=login, name=name, password=password)
        Membership.objects.create(person=person, office=CODE, role=role)
        if role in SECOND_FACTOR:
            TOTPDevice.objects.create(user=person, name="手机", confirmed=True)


def digits(login: str) -> str:
    """What the person's telephone shows, by the key in the database; a code that was used is followed by the next."""
    device = TOTPDevice.objects.get(user__username=login)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    if totp.t() <= device.last_t:
        totp.time = (device.last_t + 1) * device.step + device.t0
    return f"{totp.token():0{device.digits}d}"


@dataclass(slots=True, kw_only=True)
class Somebody:
    """One person with one browser window."""

    login: str
    served: Served
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)  #: of the browser: a script that failed, something the page's rules forbid

    @classmethod
    def at(cls, browser: Browser, served: Served, login: str, *, scripts: bool = True, telephone: bool = False,
           unruled: bool = False) -> Somebody:
        """Sit down at a browser. `scripts`: whether it runs JavaScript; `unruled`: whether it runs it whatever the page's own rules say."""
        context = browser.new_context(viewport=TELEPHONE if telephone else LAPTOP, java_script_enabled=scripts, locale="zh-CN",  # type: ignore[arg-type]
                                      is_mobile=telephone, has_touch=telephone, bypass_csp=unruled)
        context.set_default_timeout(15_000)
        made = cls(login=login, served=served, context=context, page=context.new_page())
        made.page.on("console", lambda message: made._heard(message))  # noqa: PLW0108 - Playwright keeps notes on what it is given
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        return made

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not ANSWERS.match(message.text):
            self.complaints.append(message.text)

    def sign_in(self) -> Somebody:
        """Login, password, and the second factor where it is asked for. Whoever is asked on another page signs in there."""
        if "/login/" not in self.page.url and not self.page.get_by_label("密码").count():
            self.page.goto(f"{self.served.url}/login/")
        self.page.get_by_label("账号").fill(self.login)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.press("登录")
        if "/second-factor/" in self.page.url:
            self.page.get_by_label("验证码").fill(digits(self.login))
            self.press("验证")
        return self

    def seated(self) -> Somebody:
        """Signed in already, by a session that the desk made without a password: where signing in is not what a test is about."""
        person = Person.objects.get(username=self.login)
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        if device := TOTPDevice.objects.filter(user=person).first():
            session = client.session
            session[DEVICE_ID_SESSION_KEY] = device.persistent_id
            session.save()
        self.context.add_cookies([{"name": "gongkai", "value": client.cookies["gongkai"].value, "url": self.served.url}])
        return self.open("today")

    def open(self, name: str, *, query: str = "", **words: Any) -> Somebody:
        """Type an address of the office."""
        self.page.goto(self.served.url + reverse(name, kwargs={"office": CODE, **words}) + query)
        return self

    def follow(self, words: str) -> Somebody:
        """Follow a link."""
        self.page.locator("main, header").get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()
        return self

    def press(self, words: str, *, within: Locator | None = None) -> Somebody:
        """Press a button and wait for the page that comes of it."""
        (within or self.page.locator("main")).get_by_role("button", name=words, exact=True).first.click()
        self.page.wait_for_load_state()
        return self

    def write(self, label: str, words: str) -> Somebody:
        """Fill a field."""
        self.page.locator("main").get_by_label(label).first.fill(words)
        return self

    def unfold(self, words: str) -> Somebody:
        """Open what is folded away, unless it is open."""
        folded = self.page.locator("details", has=self.page.get_by_text(words, exact=True)).first
        if folded.get_attribute("open") is None:
            folded.locator("summary").first.click()
        return self

    def buttons(self) -> list[str]:
        """What there is to press on the page itself, as it is called."""
        return [one.strip() for one in self.page.locator("main button").all_inner_texts()]

    def text(self) -> str:
        """What the page says, in one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    def reads(self, *words: str) -> Somebody:
        """See that all of it stands on the page, where it can be seen."""
        said = self.text()
        for one in words:
            assert one in said, f"{one!r} is not on {self.page.url}:\n{said}"
        return self

    def misses(self, *words: str) -> Somebody:
        """See that none of it stands on the page."""
        said = self.text()
        for one in words:
            assert one not in said, f"{one!r} is on {self.page.url}:\n{said}"
        return self

    def number_in_address(self) -> int:
        """The last number of the address."""
        return int(re.findall(r"/(\d+)/", self.page.url)[-1])
