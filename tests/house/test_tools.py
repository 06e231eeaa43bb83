"""The two commands on a fresh machine, and the machinery under them: every promise of the Makefile's help, without the network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.rigs.system import need

ROOT = Path(__file__).parents[2]
TARGETS = ("help", "setup", "demo", "desk", "test", "system", "lint", "types", "messages", "goldens", "coverage", "bench", "chaos", "clean")


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command without standard input; `environment` goes on top of a plain one, with neither CI nor options of make in it."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "UV_")) and name not in {"CI", "MFLAGS", "PYTHON"}}
    return subprocess.run([str(word) for word in command], cwd=cwd, env=plain | environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)


def program(path: Path, *lines: str) -> Path:
    """A small shell program at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The Makefile, .ci/run and pyproject.toml in a folder with a space in its name, with programs that only say they were called."""
    house = tmp_path / "a house"
    (house / ".ci").mkdir(parents=True)
    for name in ("Makefile", ".ci/run", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, house / name)
    program(house / "scripts/setup.sh", "echo setting up")
    program(house / "scripts/system.sh", "echo looking for programs")
    for name in ("ruff", "mypy", "gongkai"):
        program(house / ".venv/bin" / name, f"echo called {name} $*")
    program(house / ".venv/bin/pytest", 'echo "CI is $CI, bytecode ${PYTHONDONTWRITEBYTECODE:-wanted}"', 'echo "=== 3 passed in 0.1s ==="')
    return house


# ------------------------------------------------------------------------------------------------------------ the Makefile


def test_make_alone_lists_what_can_be_made() -> None:
    """Whoever types `make` reads what there is, and every target is in the list."""
    listed = re.findall(r"^  make (\w+) +\S", run("make").stdout, re.MULTILINE)
    assert listed == list(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_made(target: str) -> None:
    """No target leans on a file that does not exist."""
    planned = run("make", "-n", target)
    assert planned.returncode == 0, planned.stderr
    for script in re.findall(r"\bscripts/[\w.-]+", planned.stdout):
        assert os.access(ROOT / script, os.X_OK), f"{script} cannot be started"


def test_a_demo_is_set_up_first(house: Path) -> None:
    """`make demo` is enough on a fresh machine."""
    assert run("make", "demo", cwd=house).stdout.splitlines() == ["setting up", "called gongkai demo"]


def test_tests_come_after_every_other_check(house: Path) -> None:
    """`make test` is the whole of the checks, and ends with pytest's own closing line."""
    done = run("make", "test", cwd=house, PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["setting up", "looking for programs", "ruff", "called ruff check", "mypy", "called mypy",
                                        "CI is , bytecode wanted", "=== 3 passed in 0.1s ==="]


@pytest.mark.parametrize(("target", "broken"), [("demo", ".venv/bin/gongkai"), ("test", ".venv/bin/ruff"), ("test", ".venv/bin/mypy"),
                                                ("test", ".venv/bin/pytest"), ("test", "scripts/system.sh"), ("demo", "scripts/setup.sh")])
def test_a_failure_anywhere_fails_the_whole(house: Path, target: str, broken: str) -> None:
    """No check can fail unseen behind one that passes."""
    program(house / broken, "exit 3")
    assert run("make", target, cwd=house).returncode != 0


def test_cleaning_leaves_the_data(house: Path) -> None:
    """var/ holds an office's records: no target takes them away."""
    (house / "var/demo/__pycache__").mkdir(parents=True)
    (house / "content/__pycache__").mkdir(parents=True)
    assert run("make", "clean", cwd=house).returncode == 0
    assert (house / "var/demo/__pycache__").exists()
    assert not (house / "content/__pycache__").exists()
    assert not (house / ".venv").exists()


def test_a_submission_is_tested_with_nothing_skipped(house: Path) -> None:
    """`.ci/run` works from any folder and without standard input, says CI=true, and ends with pytest's closing line."""
    done = run("bash", house / ".ci/run", cwd=house.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == ["CI is true, bytecode wanted", "=== 3 passed in 0.1s ==="]
    program(house / ".venv/bin/mypy", "exit 1")
    assert run("bash", house / ".ci/run", cwd=house.parent).returncode != 0


# --------------------------------------------------------------------------------------------------------------- the set-up


@pytest.fixture
def unset(tmp_path: Path) -> Path:
    """A folder with nothing in it but what setup reads, and no .venv."""
    for name in ("pyproject.toml", "uv.lock", "scripts/setup.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def plain_path(folder: Path, *programs: str) -> str:
    """A PATH that holds these programs and no other."""
    folder.mkdir(exist_ok=True)
    for name in ("sh", "dirname", "id", "sed", "cat", "cut", "rm", "cksum", "grep", "ls", "sort", "env", "uname", *programs):
        (folder / name).symlink_to(shutil.which(name) or pytest.fail(f"{name} is not on this machine"))
    return str(folder)


def test_setup_refuses_a_python_too_old_and_names_the_way_out(unset: Path) -> None:
    """Not a traceback from the depths of a package, but which Python it found and which it needs."""
    path = plain_path(unset / "bin")
    program(unset / "bin/python3", "echo Python 3.9.2", "exit 1")
    done = run("sh", "scripts/setup.sh", cwd=unset, PATH=path)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer (below 3.15) as python3; found Python 3.9.2." in done.stderr
    assert "apt-get install python3" in done.stderr


def test_setup_refuses_the_wrong_python_that_was_asked_for(unset: Path) -> None:
    """PYTHON= is an order: no other Python is taken in its place."""
    old = program(unset / "old python", "exit 1")
    done = run("sh", "scripts/setup.sh", cwd=unset, PYTHON=str(old))
    assert done.returncode == 1
    assert f"PYTHON={old} is not a Python from 3.11 up to (not with) 3.15." in done.stderr


def test_setup_says_what_to_ask_for_where_it_may_install_nothing(unset: Path) -> None:
    """Debian's python3 alone has neither venv nor pip: a clerk's account is told what to ask the administrator for."""
    path = plain_path(unset / "bin")
    program(unset / "bin/python3", 'case "$*" in *ensurepip*|*pip*) exit 1;; *-V*) echo Python 3.11.2;; esac')
    done = run("sh", "scripts/setup.sh", cwd=unset, PATH=path)
    assert done.returncode == 1
    assert "python3 has neither venv nor pip" in done.stderr
    assert "apt-get install python3-venv" in done.stderr


def test_setup_does_nothing_when_nothing_changed(unset: Path) -> None:
    """Every target sets up first: that must not be felt. A changed lock file is seen."""
    program(unset / ".venv/bin/python", "exit 0")
    (unset / ".venv/.place").write_text(f"{unset.resolve()}\n", encoding="utf-8")
    state = run("sh", "-c", "cat pyproject.toml uv.lock scripts/setup.sh | cksum", cwd=unset).stdout
    (unset / ".venv/.ready").write_text(state, encoding="utf-8")
    done = run("sh", "scripts/setup.sh", cwd=unset)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with (unset / "uv.lock").open("a", encoding="utf-8") as lock:
        lock.write("\n")
    assert "needs Python" in run("sh", "scripts/setup.sh", cwd=unset, PATH=plain_path(unset / "bin")).stderr  # it went to build .venv


def test_setup_refuses_a_broken_checkout(unset: Path) -> None:
    """Half a lock file is not taken for one that asks for nothing."""
    (unset / "uv.lock").write_text("", encoding="utf-8")
    done = run("sh", "scripts/setup.sh", cwd=unset)
    assert (done.returncode, done.stderr) == (1, "setup: uv.lock names no version of uv: it is not whole. Restore it: git checkout uv.lock\n")


def test_setup_trusts_no_venv_made_elsewhere(unset: Path) -> None:
    """A folder that was moved or copied has scripts that start the Python of the old place: it is built anew."""
    program(unset / ".venv/bin/python", "exit 0")
    (unset / ".venv/.place").write_text("/somewhere/else\n", encoding="utf-8")
    done = run("sh", "scripts/setup.sh", cwd=unset, PATH=plain_path(unset / "bin"))
    assert "needs Python" in done.stderr


def test_setup_and_the_project_ask_for_the_same_python() -> None:
    """The range stands in setup.sh too, because sh reads no TOML."""
    oldest, too_new = re.findall(r"\b(?:OLDEST|TOO_NEW)=([\d.]+)", (ROOT / "scripts/setup.sh").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == f">={oldest},<{too_new}"
    assert project["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert project["tool"]["mypy"]["python_version"] == oldest


def test_the_lock_file_is_in_step_with_the_project() -> None:
    """What pyproject.toml asks for is what uv.lock has, found out without the network."""
    checked = run(Path(sys.executable).with_name("uv"), "lock", "--check", "--offline", UV_NO_CACHE="1")
    assert checked.returncode == 0, f"run .venv/bin/uv lock, and commit uv.lock:\n{checked.stderr}"


# ------------------------------------------------------------------------------------------------- programs from the system


def test_a_missing_program_is_named_aloud(tmp_path: Path) -> None:
    """Where nothing may be installed, the developer reads what was not found, what it was for and how to get it; and goes on."""
    done = run("scripts/system.sh", PATH=plain_path(tmp_path / "bin"), SYSTEM="no")
    assert done.returncode == 0
    assert "NOT FOUND" in done.stderr
    assert re.search(r"chromium +the public pages are opened in a browser \(apt-get install chromium\)", done.stderr)


def test_a_missing_program_ends_a_run_that_may_skip_nothing(tmp_path: Path) -> None:
    """With CI=true it is a failure."""
    assert run("scripts/system.sh", PATH=plain_path(tmp_path / "bin"), SYSTEM="no", CI="true").returncode == 1


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The script that installs the tests' servers, and what it reads, with nothing installed."""
    house = tmp_path / "a bare house"
    (house / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts/servers.sh", house / "scripts/servers.sh")
    shutil.copytree(ROOT / "tests/rigs/servers", house / "tests/rigs/servers")
    return house


def test_a_server_that_cannot_be_installed_is_named_aloud(bare: Path) -> None:
    """With what is missing for it; and with CI=true it is a failure."""
    path = plain_path(bare / "bin")
    for ci, code in (("", 0), ("true", 1)):
        done = run("scripts/servers.sh", cwd=bare, PATH=path, CI=ci)
        assert (done.returncode, done.stderr) == (code, "!!!! servers: bluesky is not installed for want of: node npm g++ make python3\n")


def test_a_server_whose_installation_fails_is_not_taken_for_installed(bare: Path) -> None:
    """The developer reads why, and the next time it is tried again."""
    tools = [program(bare / "tools" / name, "exit 0") for name in ("node", "g++", "make", "python3")]
    program(bare / "tools/npm", 'case "$1" in ci) echo "no such package"; exit 1 ;; esac')
    path = f"{tools[0].parent}:{plain_path(bare / 'bin', 'mkdir', 'cp', 'tail')}"
    for _ in range(2):
        done = run("scripts/servers.sh", cwd=bare, PATH=path, CI="true")
        assert done.returncode == 1
        assert "no such package" in done.stderr
    program(bare / "tools/npm", 'echo "called npm $*" >>called')
    done = run("scripts/servers.sh", cwd=bare, PATH=path, CI="true")
    assert (done.returncode, done.stderr) == (0, "")
    assert (bare / ".venv/servers/bluesky/called").read_text(encoding="utf-8") == "called npm ci --ignore-scripts\ncalled npm rebuild better-sqlite3\n"
    assert run("scripts/servers.sh", cwd=bare, PATH=plain_path(bare / "less"), CI="true").stdout == ""


def test_a_server_is_unpacked_from_the_archives_this_machine_knows_and_their_backports(tmp_path: Path) -> None:
    """From whatever mirror apt is set up with; neither its sources nor the system are changed."""
    codename = next((line.partition("=")[2] for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
                     if line.startswith("VERSION_CODENAME=")), None)
    if codename is None:
        pytest.skip("needs a distribution that has a codename")
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/unpack.sh", tmp_path / "scripts")
    etc, path = tmp_path / "etc", plain_path(tmp_path / "bin", "mktemp", "mkdir", "cp", "mv", "chmod", "tail", "touch")
    (etc / "parts").mkdir(parents=True)
    deb822 = f"URIs: http://mirror.example.org/debian\nSuites: {codename} {codename}-updates\nComponents: main\nSigned-By: /keys.gpg\n"
    (etc / "parts/debian.sources").write_text(deb822, encoding="utf-8")
    (etc / "sources.list").write_text(f"deb [arch=amd64] http://other.example.org/debian {codename} main\n", encoding="utf-8")
    program(tmp_path / "bin/apt-config", f"echo \"list='{etc}/sources.list' parts='{etc}/parts/'\"")
    program(tmp_path / "bin/apt-get", f'case "$*" in *" update") cat "${{3#*=}}" "${{5#*=}}"/*.sources >{tmp_path}/asked;; *) touch snac2_1_all.deb;; esac')
    program(tmp_path / "bin/dpkg-deb", 'echo "$*" >"$3/unpacked"')
    done = run("scripts/unpack.sh", "snac2", cwd=tmp_path, PATH=path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "asked").read_text(encoding="utf-8").splitlines() == [
        f"deb [arch=amd64] http://other.example.org/debian {codename} main",
        f"deb [arch=amd64] http://other.example.org/debian {codename}-backports main",
        "URIs: http://mirror.example.org/debian", f"Suites: {codename} {codename}-backports {codename}-updates", "Components: main",
        "Signed-By: /keys.gpg"]
    assert (tmp_path / ".venv/servers/snac2/unpacked").exists()
    assert (etc / "parts/debian.sources").read_text(encoding="utf-8") == deb822


def test_a_server_that_cannot_be_had_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    """Not half of it where the next run would take it for whole."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/unpack.sh", tmp_path / "scripts")
    path = plain_path(tmp_path / "bin", "mktemp", "mkdir", "cp", "mv", "chmod", "tail")
    program(tmp_path / "bin/apt-config", f"echo \"list='{tmp_path}/none' parts='{tmp_path}/none.d/'\"")
    program(tmp_path / "bin/apt-get", "echo E: Unable to locate package snac2 >&2", "exit 100")
    done = run("scripts/unpack.sh", "snac2", cwd=tmp_path, PATH=path)
    assert (done.returncode, done.stderr) == (1, "unpack: apt-get could not fetch snac2:\nE: Unable to locate package snac2\nE: Unable to locate package snac2\n")
    assert not (tmp_path / ".venv").exists()


# ------------------------------------------------------------------------------------------------------- what is kept in git

# A character in brackets keeps each pattern from matching itself.
FOREIGN = {
    "a path of one machine": r"(?<![\w.:/])/(?:root|Users|home/\w+|work/\w+|opt/pypi)[/](?!\$)",
    "the host of a package registry": r"\b(?:pypi|pythonhosted)[.]org\b|\bregistry[.](?:npmjs|yarnpkg)\b|\bdeb[.]debian[.]org\b|\bproxy[.]golang\b",
    "an index of one machine": r"--(?:extra-)?index-url[ =]h|\bPIP_(?:EXTRA_)?INDEX|\bfind-links[ =]",
}


def tracked() -> list[Path]:
    """The files that git keeps, and that exist."""
    listed = run(need("git"), "ls-files", "-z")
    if listed.returncode:
        pytest.skip("not a git repository: nothing says which files are ours")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """A path or a host of one workplace works nowhere else. uv.lock names the standard index: see the next test."""
    found = []
    for path in tracked():
        content = path.read_bytes()
        if path.name == "uv.lock" or b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number}: {what}" for what, pattern in FOREIGN.items() if re.search(pattern, line)]
    assert found == []


def test_the_lock_file_names_the_standard_index_alone() -> None:
    """Every package comes from where everybody gets it, and with its hash."""
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^/\"]+", text)) == {"https://pypi" + ".org", "https://files.pythonhosted" + ".org"}
    lock = tomllib.loads(text)
    for package in lock["package"]:
        for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]:
            assert file["hash"].startswith("sha256:"), package["name"]


def test_what_is_started_may_be_started() -> None:
    """Git keeps the executable bit of whatever is called by its path."""
    for name in (".ci/run", "scripts/setup.sh", "scripts/system.sh", "scripts/servers.sh", "scripts/unpack.sh"):
        kept = run(need("git"), "ls-files", "--stage", name)
        if kept.returncode:
            pytest.skip("not a git repository")
        assert kept.stdout.startswith("100755 "), f"{name}: git update-index --chmod=+x {name}"
