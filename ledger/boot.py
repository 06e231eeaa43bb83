"""Start Django, once, in any process that is about to touch the ledger. Import before any model."""

from __future__ import annotations

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledger.settings")
if not apps.ready:
    django.setup()
