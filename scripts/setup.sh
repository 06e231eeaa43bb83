#!/bin/sh
# Leaves everything Gongkai needs in .venv/, from python3 and the lock file alone. Run again, it does only what is left to do.
#   PYTHON=python3.13 make setup     builds with that Python instead of the first that fits
set -eu
cd "$(dirname "$0")/.."

OLDEST=3.11 TOO_NEW=3.15 # as requires-python in pyproject.toml says
venv=.venv
stamp=$venv/.ready

say() { printf '%s\n' "$*"; }
stop() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }

fits() { # PROGRAM: a Python of ours?
    "$1" -c "import sys; sys.exit(not (tuple(map(int, '$OLDEST'.split('.'))) <= sys.version_info[:2] < tuple(map(int, '$TOO_NEW'.split('.')))))" >/dev/null 2>&1
}

find_python() { # sets $python
    for python in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        if fits "$python"; then return; fi
        [ "$python" != "${PYTHON:-}" ] || stop "PYTHON=$PYTHON is not a Python from $OLDEST up to (not with) $TOO_NEW."
    done
    stop "needs Python $OLDEST or newer (below $TOO_NEW) as python3; found $(python3 --version 2>&1 || true)." \
        "On Debian or Ubuntu: apt-get install python3; elsewhere: https://www.python.org/downloads/. Then: make setup"
}

# What is in .venv follows from these.
state() { cat pyproject.toml uv.lock scripts/setup.sh | cksum; }

usable() { # .venv was made in this very place (its scripts carry the path), has a Python of ours, and the one asked for
    [ "$(cat $venv/.place 2>/dev/null)" = "$(pwd -P)" ] && fits $venv/bin/python || return 1
    [ -z "${PYTHON:-}" ] || [ "$("$PYTHON" -V)" = "$($venv/bin/python -V)" ]
}

has_uv() { [ "$("$1" --version 2>/dev/null | cut -d' ' -f2)" = "$uv_version" ]; }

make_venv() { # makes .venv with the uv of the lock file in it, by the first way that this machine offers
    rm -rf $venv
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null && ! command -v uv >/dev/null && may_install; then
        package="$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
        say "setup: $python lacks venv; installing $package"
        { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$package"; } >/dev/null || true
    fi
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv $venv
        $venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
    elif command -v uv >/dev/null; then
        uv venv --quiet --python "$python" $venv
        uv pip install --quiet --python $venv/bin/python "uv==$uv_version"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m venv --without-pip $venv
        "$python" -m pip install --quiet --disable-pip-version-check --target $venv/bootstrap "uv==$uv_version"
        $venv/bootstrap/bin/uv pip install --quiet --python $venv/bin/python "uv==$uv_version"
        rm -rf $venv/bootstrap
    else
        stop "$python has neither venv nor pip, and this user may not install packages." \
            "Ask for one of these, then run make setup again:" \
            "  apt-get install python3-venv      (Debian, Ubuntu)" \
            "  uv on the PATH                    (https://docs.astral.sh/uv/)"
    fi
    pwd -P >$venv/.place
}

sync() { # brings .venv to what uv.lock says, hashes checked
    if [ -z "${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-}}" ]; then
        $venv/bin/uv sync --locked --quiet $compile --python $venv/bin/python
        return
    fi
    # A mirror: uv.lock names the standard index, so uv would call it out of date. Same versions and hashes, from the mirror.
    say "setup: packages come from the mirror that UV_DEFAULT_INDEX names"
    env -u UV_DEFAULT_INDEX -u UV_INDEX_URL $venv/bin/uv export --locked --offline --quiet --no-emit-project --output-file $venv/locked.txt
    $venv/bin/uv pip sync --quiet $compile --require-hashes --python $venv/bin/python $venv/locked.txt
    $venv/bin/uv pip install --quiet --no-deps --python $venv/bin/python --editable .
}

ready() { [ -f $stamp ] && [ "$(cat $stamp)" = "$(state)" ] && usable; }

if ready; then exit 0; fi
# two at once (a demo in one window, tests in the other): the second waits, and finds the work done
if command -v flock >/dev/null; then
    exec 9<scripts/setup.sh
    flock 9
    if ready; then exit 0; fi
fi

unset VIRTUAL_ENV PYTHONHOME PYTHONPATH
export UV_PROJECT_ENVIRONMENT=$venv UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
if [ ! -w "${HOME:-/nonexistent}" ]; then export UV_NO_CACHE=1; fi
uv_version="$(sed -n '/^name = "uv"$/{n;s/^version = "\(.*\)"$/\1/p;}' uv.lock)"
[ -n "$uv_version" ] || stop "uv.lock names no version of uv: it is not whole. Restore it: git checkout uv.lock"

rm -f $stamp
compile=
if usable && has_uv $venv/bin/uv; then
    say "setup: bringing .venv in step with uv.lock"
else
    find_python
    say "setup: building .venv with $("$python" -V 2>&1) (about a minute; 150 packages are fetched the first time)"
    make_venv
    compile=--compile-bytecode # once for all, or the first start of every program pays for it
fi
sync
ls $venv/share/gongkai/prefect-*.db >/dev/null 2>&1 || say "setup: preparing Prefect's database (some ten seconds, once)"
$venv/bin/python -m flows.prefect_template
state >$stamp
say "setup: ready; the command is .venv/bin/gongkai"
