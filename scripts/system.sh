#!/bin/sh
# Installs what the tests need from the system (scripts/system.txt) where this user may; says by name what stays missing.
# With CI=true a program that stays missing is a failure. SYSTEM=no installs nothing.
set -eu
cd "$(dirname "$0")/.."
unpacked=.venv/servers

have() {
    case $1 in
    postgres) ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null ;;
    chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
    mariadbd) command -v mariadbd >/dev/null || [ -x /usr/sbin/mariadbd ] ;;
    php:*) php -m 2>/dev/null | grep -qix "${1#php:}" ;;
    wordpress) [ -f $unpacked/wordpress/usr/share/wordpress/wp-load.php ] ;;
    *.h) [ -f "/usr/include/node/$1" ] || { node="$(command -v node)" && [ -f "${node%/bin/node}/include/node/$1" ]; } ;;
    *.so.*) [ "$(uname)" != Linux ] || ls /lib/"$1" /lib64/"$1" /usr/lib/"$1" /usr/lib64/"$1" /usr/lib/*-linux-*/"$1" 2>/dev/null | grep -q . ;;
    *) command -v "$1" >/dev/null || ls $unpacked/*/usr/bin/"$1" >/dev/null 2>&1 ;;
    esac
}

wanted() { grep -v '^#' scripts/system.txt; }

missing() { # the packages of the programs that are not there, each once; `unpack:` stands before those that are not installed
    wanted | while read -r program package _; do have "$program" || printf '%s\n' "$package"; done | sort -u
}

way() { case $1 in unpack:*) echo "make system" ;; *) echo "apt-get install $1" ;; esac; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >>"$log" 2>&1 </dev/null; }

unpack() { # FIRST[,WITH...]: what is not to be installed, because as a package it would bring a web server along, or start
    printf 'system: unpacking for the tests, into %s: %s\n' $unpacked "$1"
    # shellcheck disable=SC2046  # one word a package
    scripts/unpack.sh $(printf '%s' "$1" | tr , ' ') || return 0 # what stays missing is named at the end
    case $1 in wordpress*) # it asks who it is in /etc; the tests' servers each say it for themselves
        printf "<?php require getenv('WORDPRESS_CONFIG');\n" >$unpacked/wordpress/usr/share/wordpress/wp-config.php ;;
    esac
}

install() { # all at once; where a distribution lacks one of them, each for itself
    log="$(mktemp)"
    printf 'system: installing for the tests: %s (SYSTEM=no leaves the system alone)\n' "$*"
    apt update || true
    if ! apt install -y --no-install-recommends "$@"; then
        for package in "$@"; do
            apt install -y --no-install-recommends "$package" || {
                printf 'system: apt-get could not install %s:\n' "$package"
                tail -n 3 "$log"
            } >&2
        done
    fi
    rm -f "$log"
}

provide() { # unpacks what is only unpacked, where apt is there to ask; installs the rest, where this user may
    for package in "$@"; do
        shift
        case $package in
        unpack:*) unpack "${package#unpack:}" ;;
        *) set -- "$@" "$package" ;;
        esac
    done
    if [ $# -gt 0 ] && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then install "$@"; fi
}

packages="$(missing)"
[ -n "$packages" ] || exec scripts/servers.sh

if [ "${SYSTEM:-yes}" != no ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086  # one word a package
    provide $packages
fi

packages="$(missing)"
[ -n "$packages" ] || exec scripts/servers.sh
{
    printf '!!!! system: NOT FOUND, so some tests cannot run here:\n'
    wanted | while read -r program package purpose; do
        have "$program" || printf '!!!!   %-14s %s (%s)\n' "$program" "$purpose" "$(way "$package")"
    done
} >&2
case "${CI:-}" in 1 | true | yes) exit 1 ;; esac
exec scripts/servers.sh
