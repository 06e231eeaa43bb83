#!/bin/sh
# Unpacks Debian packages into .venv/servers/FIRST and installs nothing: for servers that would otherwise start with the machine.
#   scripts/unpack.sh FIRST [WITH...]
# They come from the archives this machine's apt knows, or from their backports. That they were asked leaves no trace: apt's own
# sources and lists stay as they are. Needs no root.
set -eu
cd "$(dirname "$0")/.."
place=.venv/servers/$1

aside="$(mktemp -d)"
trap 'rm -rf "$aside"' EXIT
mkdir -p "$aside/parts" "$aside/lists/partial" "$aside/cache/archives/partial"

apart() { # an apt whose sources, lists and cache are ours
    apt-get -q -o Dir::Etc::SourceList="$aside/parts/machine.list" -o Dir::Etc::SourceParts="$aside/parts" \
        -o Dir::State::Lists="$aside/lists" -o Dir::Cache="$aside/cache" -o APT::Sandbox::User= "$@" </dev/null
}

backported() { # the sources of this machine, each release of the distribution itself followed by its backports
    eval "$(apt-config shell list Dir::Etc::SourceList/f parts Dir::Etc::SourceParts/d)"
    codename="$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)"
    [ ! -f "$list" ] || cp "$list" "$aside/parts/machine.list"
    cp "$parts"/*.list "$parts"/*.sources "$aside/parts/" 2>/dev/null || true # either kind may be missing
    for file in "$aside"/parts/*.list; do
        [ ! -f "$file" ] || sed -i -E "s/^(deb .*[[:space:]])$codename([[:space:]].*)\$/&\n\1$codename-backports\2/" "$file"
    done
    for file in "$aside"/parts/*.sources; do
        [ ! -f "$file" ] || sed -i -E "/^Suites:/s/(^|[[:space:]])$codename([[:space:]]|\$)/\1$codename $codename-backports\2/" "$file"
    done
}

fetch() {
    backported
    apart update || true # an archive that has no backports, or is down, need not be the one that has them
    (cd "$aside" && apart download "$@")
}

fetch "$@" >"$aside/log" 2>&1 || {
    printf 'unpack: apt-get could not fetch %s:\n' "$*"
    tail -n 3 "$aside/log"
    exit 1
} >&2
rm -rf "$place" "$place.part"
mkdir -p "$place.part"
for file in "$aside"/*.deb; do dpkg-deb -x "$file" "$place.part"; done
chmod -R a+rX "$place.part" # whoever runs a server from it may read it
mv "$place.part" "$place" # whole or not at all
