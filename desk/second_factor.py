"""The second factor: six digits from a person's telephone (TOTP, RFC 6238), and ten backup codes on paper."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.core import signing
from django.db import transaction
from django_otp import devices_for_user, match_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from desk.models import Person
from desk.people import lock
from desk.roles import SECOND_FACTOR, Role

TELEPHONE, PAPER = "手机", "备用码"  #: the two devices of a person
BACKUP_CODES = 10
ENROL_WITHIN = 3600  #: seconds from the picture to the digits
SALT = "desk.second_factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A key that a person may take into their telephone. Nothing is stored until they prove that they did."""

    key: str  #: hexadecimal
    token: str  #: the same, signed for this person: the page carries it

    @property
    def characters(self) -> str:
        """The key as people type it, in groups of four."""
        plain = base64.b32encode(bytes.fromhex(self.key)).decode("ascii").rstrip("=")
        return " ".join(plain[at:at + 4] for at in range(0, len(plain), 4))

    def picture(self, person: Person) -> str:
        """The QR code that a telephone reads, as an SVG in a data: address."""
        return str(segno.make(self._address(person), error="m").svg_data_uri(scale=5, border=2, dark="#1d2733"))

    def _address(self, person: Person) -> str:
        label = quote(f"{settings.OTP_TOTP_ISSUER}:{person.username}")
        return f"otpauth://totp/{label}?" + urlencode({"secret": self.characters.replace(" ", ""), "issuer": settings.OTP_TOTP_ISSUER})


def needed(person: Person) -> bool:
    """Whether one of a person's roles asks for it."""
    return bool(person.memberships.filter(role__in=SECOND_FACTOR).exists())


def enrolled(person: Person) -> bool:
    """Whether a person has one."""
    return bool(TOTPDevice.objects.filter(user=person, confirmed=True).exists())


def offer(person: Person) -> Offer:
    """A new key for a person."""
    key = default_key()
    return Offer(key=key, token=signing.dumps([person.pk, key], salt=SALT))


def offered(person: Person, token: str) -> Offer | None:
    """The key that was offered to this person an hour ago at most."""
    try:
        whose, key = signing.loads(token, salt=SALT, max_age=ENROL_WITHIN)
    except signing.BadSignature:
        return None
    return Offer(key=key, token=token) if whose == person.pk else None


@transaction.atomic
def enrol(person: Person, key: str, digits: str) -> tuple[TOTPDevice, list[str]] | None:
    """Take a key into use in place of every earlier one, if the digits prove that the telephone has it; gives ten backup codes."""
    device = TOTPDevice(user=person, name=TELEPHONE, key=key, confirmed=True)
    plain = digits.replace(" ", "")
    totp = TOTP(device.bin_key)
    if not plain.isascii() or not plain.isdecimal() or not totp.verify(int(plain), tolerance=device.tolerance):
        return None
    lock(person)
    for old in devices_for_user(person, confirmed=None):
        old.delete()
    device.last_t = totp.t()  # these digits open nothing a second time
    device.save()
    return device, backup_codes(person)


@transaction.atomic
def backup_codes(person: Person) -> list[str]:
    """Ten new backup codes in place of what is left of the old; each opens the desk once."""
    lock(person)
    StaticDevice.objects.filter(user=person).delete()
    paper = StaticDevice.objects.create(user=person, name=PAPER, confirmed=True)
    codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=paper, token=code) for code in codes])
    return codes


def backup_codes_left(person: Person) -> int:
    """How many of them are unused."""
    return int(StaticToken.objects.filter(device__user=person).count())


def match(person: Person, words: str) -> TOTPDevice | StaticDevice | None:
    """The device that gave these digits or this backup code; None for a wrong one, or while too many were wrong."""
    return match_token(person, "".join(words.split()).lower())


def told_roles(person: Person) -> list[Role]:
    """The roles for whose sake a person needs it."""
    held = {Role(role) for role in person.memberships.values_list("role", flat=True)}
    return [role for role in Role if role in held & SECOND_FACTOR]
