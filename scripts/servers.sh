#!/bin/sh
# Installs the servers that tests start and that come from npm (tests/rigs/servers/) into .venv/servers/, as their lock files say.
# Run again, it does only what is left to do. What cannot be installed is said by name; with CI=true it is a failure.
set -eu
cd "$(dirname "$0")/.."

servers="$(cd tests/rigs/servers && for lock in */package-lock.json; do printf '%s ' "${lock%/*}"; done)"

state() { cat "$1/package.json" "$1/package-lock.json" "$1/.npmrc" | cksum; }

ready() { [ "$(cat ".venv/servers/$1/.ready" 2>/dev/null)" = "$(state "tests/rigs/servers/$1")" ]; }

lacking() { # the programs that are not there and without which nothing can be built
    for program in node npm g++ make python3; do command -v "$program" >/dev/null || printf ' %s' "$program"; done
}

install() { # NAME: exactly what the lock file says; of all the packages only better-sqlite3 may run a script, since it must be compiled
    folder=".venv/servers/$1"
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "tests/rigs/servers/$1/package.json" "tests/rigs/servers/$1/package-lock.json" "tests/rigs/servers/$1/.npmrc" "$folder"
    printf 'servers: installing %s for the tests (two minutes, once)\n' "$1"
    if (
        # compiled here, against the headers that came with this very node: nothing is fetched ready-made
        prefix="$(node -p 'path.resolve(process.execPath, "../..")')"
        if [ -f "$prefix/include/node/node.h" ]; then export npm_config_nodedir="$prefix"; fi
        export npm_config_build_from_source=true
        cd "$folder" && npm ci --ignore-scripts && npm rebuild better-sqlite3
    ) >"$folder.log" 2>&1 </dev/null; then
        rm -f "$folder.log"
        state "tests/rigs/servers/$1" >"$folder/.ready"
    else
        failed="$1"
        {
            printf '!!!! servers: %s could not be installed, so its tests cannot run here. The end of %s:\n' "$1" "$folder.log"
            tail -n 8 "$folder.log"
        } >&2
    fi
}

all_ready() { for name in $servers; do ready "$name" || return 1; done; }

if all_ready; then exit 0; fi
# two at once: the second waits, and finds the work done
if command -v flock >/dev/null; then
    exec 9<scripts/servers.sh
    flock 9
fi

failed=
for name in $servers; do
    if ready "$name"; then continue; fi
    if [ -n "$(lacking)" ]; then
        printf '!!!! servers: %s is not installed for want of:%s\n' "$name" "$(lacking)" >&2
        failed="$name"
    else
        install "$name"
    fi
done
[ -z "$failed" ] || case "${CI:-}" in 1 | true | yes) exit 1 ;; esac
