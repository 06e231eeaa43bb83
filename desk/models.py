"""People, their roles, and forms not yet saved. What is published lives in the ledger; nothing of it here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from desk.roles import LABELS, Role


class Person(AbstractUser):
    """Who may open the desk. The ledger knows them by `name`, which stays: two people never share one."""

    name = models.CharField("姓名", max_length=80, unique=True)
    must_change_password = models.BooleanField(default=False)  #: the first password was somebody else's to see
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "人员"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person in one office."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships", db_index=False)
    office = models.CharField(max_length=40)  #: its code, or `desk.roles.EVERY_OFFICE`
    role = models.CharField(max_length=20, choices=[(role.value, LABELS[role]) for role in Role])

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "office", "role"], name="one_role_once"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.role} in {self.office}"


class Scratch(models.Model):
    """What somebody typed and has not saved yet: kept from the page by itself, or rescued from a session that had ended."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="scratches", db_index=False)
    office = models.CharField(max_length=40)
    key = models.CharField(max_length=80)  #: `edition:<number>` or `new:<a random name of the form>`
    data = models.JSONField()  #: the form's fields as they were sent
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "key"], name="one_scratch_a_form"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.key}"
