"""What the platform grants an account a day, and what we grant ourselves. Data: docs/channels/wechat.md shows the same table."""

from __future__ import annotations

from datetime import timedelta

from channels.codes import PLATFORMS
from content.accounts import Quota

TOKEN, FORCE, FORCE_APART = "stable_token", "stable_token/force", "stable_token/force apart"

#: calls a day of a new account, by the platform's midnight
DAILY: dict[str, int] = {
    "draft/add": 1000, "draft/get": 500, "draft/delete": 1000, "draft/batchget": 1000,
    "freepublish/submit": 100, "freepublish/get": 100, "freepublish/delete": 10, "freepublish/getarticle": 100, "freepublish/batchget": 100,
    "media/uploadimg": 1000, "material/add_material": 100_000, FORCE: 20,
}
_DAY = timedelta(days=1)

QUOTAS: tuple[Quota, ...] = (
    *(Quota(name=name, calls=calls, per=_DAY, midnight=PLATFORMS) for name, calls in DAILY.items()),
    Quota(name=TOKEN, calls=10_000, per=_DAY, midnight=PLATFORMS),  # here so that the platform's own no is heeded
    Quota(name=FORCE_APART, calls=1, per=timedelta(seconds=30)),
)
