"""Start Django with the desk's settings, once. Import before any model, where no server has done so."""

from __future__ import annotations

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
if not apps.ready:
    django.setup()
