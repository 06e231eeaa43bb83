"""Goldens: what the public will read, kept as files. `--accept` writes them; the diff in review is the change to the public."""

from __future__ import annotations

from pathlib import Path

import pytest


class Golden:
    """Compares bytes with the file that holds what was accepted last."""

    def __init__(self, *, accept: bool) -> None:
        self._accept = accept

    def check(self, path: Path, said: bytes) -> None:
        """`said` is what lies at `path`; with --accept it is put there first.

        Raises:
            AssertionError: it says something else, or nothing was accepted yet.
        """
        if self._accept:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(said)
        assert path.exists(), f"{path} is missing: run with --accept, and read what it writes before you commit it"
        accepted = path.read_bytes()
        try:
            assert said.decode() == accepted.decode(), f"{path} says something else; if that is meant, run with --accept"
        except UnicodeDecodeError:
            assert said == accepted, f"{path} holds other bytes; if that is meant, run with --accept"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch that accepts."""
    parser.addoption("--accept", action="store_true", help="write goldens instead of comparing; read the diff before you commit it")


@pytest.fixture
def golden(pytestconfig: pytest.Config) -> Golden:
    """`golden.check(path, bytes)`."""
    return Golden(accept=bool(pytestconfig.getoption("--accept")))
