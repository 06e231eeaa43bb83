"""Looks into files by what they are, not by what they are called. Never raises: a file that cannot be read is a fault with advice."""

from __future__ import annotations

from content.readers.cleaning import Cleaned, clean
from content.readers.fragments import Cell, Fault, Fragment, Hidden, Reading
from content.readers.looking import read_file

__all__ = ["Cell", "Cleaned", "Fault", "Fragment", "Hidden", "Reading", "clean", "read_file"]
