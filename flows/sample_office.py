"""A sample office laid out in a home folder: its gongkai.toml, and the pictures that it names."""

from __future__ import annotations

import shutil
from pathlib import Path

from channels.house import CONFIGURATION, configuration
from content.configuration import OfficeSection


def lay_out(home: Path, sample: Path) -> OfficeSection:
    """Put the configuration of a sample, and what its site shows of itself, into a home folder that is there; its first office.

    Raises:
        HouseError: the configuration does not hold.
        OSError: a picture that it names is not beside it.
    """
    shutil.copyfile(sample / CONFIGURATION, home / CONFIGURATION)
    sections = configuration(home)
    for site in (section.office.site for section in sections):
        for picture in filter(None, (site.logo, site.mark)):
            shutil.copyfile(sample / picture, home / picture)
    return sections[0]
