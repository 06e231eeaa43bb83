"""Pictures of every page of the desk, on a full day, at 1280 and 390 pixels: for people who work on it.

    .venv/bin/python scripts/look.py [--out FOLDER] [--only NAME…]

The office is a practice one with everything in it (tests/desk/everything.py), on a ledger of its own that is gone afterwards.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
WIDTHS = (1280, 390)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.desk.everything import Everything
    from tests.rigs.browser import Served


def main() -> int:
    """Take them."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--out", type=Path, default=ROOT / "var" / "look", help="where they go [var/look]")
    asked.add_argument("--only", nargs="*", default=[], metavar="NAME", help="only pages whose names begin so: write, review, today …")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-look-") as folder:
        home = Path(folder)
        os.environ |= {"GONGKAI_HOME": str(home), "GONGKAI_DESK_KEY": "for looking alone", "GONGKAI_TEST_SECRET": "far-side-secret"}
        os.environ.pop("DATABASE_URL", None)
        # only now: Django reads the home folder as it starts
        from django.core.management import call_command  # noqa: PLC0415

        from desk import boot  # noqa: F401, PLC0415
        from tests.desk.everything import build  # noqa: PLC0415
        from tests.rigs.browser import opened, serving  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        world = build(home)
        with opened() as browser, serving(home) as served:
            take(world, served, browser, options.out, tuple(options.only))
    return 0


def take(world: Everything, served: Served, browser: Browser, out: Path, only: tuple[str, ...]) -> None:
    """Every page at every width, as NAME-WIDTH.png."""
    from tests.desk.pages import cookie, pages  # noqa: PLC0415

    out.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        tabs: dict[Any, Any] = {}
        for page in pages(world):
            if only and not page.name.startswith(only):
                continue
            who = (page.role, page.verified)
            if who not in tabs:
                context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
                if page.role is not None:
                    context.add_cookies([{"name": "gongkai", "value": cookie(world, page.role, verified=page.verified), "url": served.url}])
                tabs[who] = context.new_page()
            answer = tabs[who].goto(served.url + page.path)
            tabs[who].screenshot(path=out / f"{page.name}-{width}.png", full_page=True)
            print(f"{width}  {answer.status}  {page.name}  {page.path}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
