"""Roles: what a person may do in an office. Values decide; `desk.access` holds people to them."""

from __future__ import annotations

from enum import StrEnum

EVERY_OFFICE = "*"  #: the office of a membership that holds in every office of this house


class Role(StrEnum):
    """One role in one office."""

    CLERK = "clerk"  #: 经办人: writes, queues, puts sheets up
    REVIEWER = "reviewer"  #: 保密审查人
    SIGNER = "signer"  #: 签发人
    OPERATOR = "operator"  #: 发布员: looks after channels and deliveries
    REPORTER = "reporter"  #: 统计员: figures, export, the annual report
    DISTRICT = "district"  #: 区级查看: sees its offices and changes nothing
    ADMINISTRATOR = "administrator"  #: 管理员: accounts and roles; no say in what is published


FIRST_LOGIN, FIRST_NAME = "admin", "管理员"  #: of the first administrator, where nothing else is said

LABELS = {
    Role.CLERK: "经办人", Role.REVIEWER: "保密审查人", Role.SIGNER: "签发人", Role.OPERATOR: "发布员", Role.REPORTER: "统计员",
    Role.DISTRICT: "区级查看", Role.ADMINISTRATOR: "管理员",
}

#: who decides what the public reads, or who may decide it, proves who they are with a second factor
SECOND_FACTOR = frozenset({Role.REVIEWER, Role.SIGNER, Role.ADMINISTRATOR})
#: everybody with work in an office
STAFF = frozenset({Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.OPERATOR, Role.REPORTER})
#: everybody who may read an office's book
READERS = STAFF | {Role.DISTRICT}
