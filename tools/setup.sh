#!/bin/sh
# Prepare .venv, this project's own Python environment: setup.sh user|dev
#
# Needs a python3 and nothing else. What Debian and Ubuntu keep in packages of their own (the venv
# module, the libraries that Qt loads) is installed when root or password-less sudo allows it;
# otherwise one line names the command to type. All that pip installs is pinned with its
# checksum in requirements/<user|dev>.lock.
set -eu
cd "$(dirname "$0")/.."
wanted=${1:?usage: setup.sh user|dev}

say() { echo "setup: $*" >&2; }
stop() { say "$*"; exit 1; }

supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if supported "$candidate"; then command -v "$candidate"; return; fi
    done
    advice="install Python 3.13 (python.org, or your system's package manager)"
    for version in 3.13 3.12 3.11; do
        if apt-cache show "python$version-venv" >/dev/null 2>&1; then
            advice="type: ${sudo_hint}apt-get install python$version python$version-venv"
            break
        fi
    done
    stop "hipgait needs Python 3.11, 3.12 or 3.13, and python3 here is" \
        "$(python3 -c 'import platform; print(platform.python_version())' || echo missing); $advice"
}

# The Debian packages that are not here yet, one a line; "dev" also wants a D-Bus daemon for the
# tests of the Bluetooth bridge. A library counts as present when the loader finds it.
missing_packages() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null || echo "$venv_package"
    case "$(uname -m)" in
    x86_64) ;;
    *) # vqf has no ready-made build for these: pip compiles it.
        command -v c++ >/dev/null || echo g++
        "$python" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' ||
            echo "python$version-dev" ;;
    esac
    [ "$wanted" = user ] || command -v dbus-daemon >/dev/null || echo dbus
    while read -r library package; do
        "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$library" 2>/dev/null ||
            echo "$package"
    done <<LIBRARIES
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11-xcb.so.1 libx11-xcb1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxkbcommon.so.0 libxkbcommon0
LIBRARIES
}

install_packages() {
    if [ "$(id -u)" = 0 ]; then become=""
    elif sudo -n true 2>/dev/null; then become="sudo -n"
    else return 1
    fi
    say "installing system packages:" "$@"
    {
        $become apt-get update -qq &&
            $become env DEBIAN_FRONTEND=noninteractive \
                apt-get install -qq -y --no-install-recommends "$@"
    } </dev/null >/dev/null
}

add_system_packages() {
    [ "$(uname)" = Linux ] || return 0
    missing=$(missing_packages | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086  # one word a package
    if command -v apt-get >/dev/null && install_packages $missing; then return; fi
    advice="type: ${sudo_hint}apt-get install $missing"
    case "$missing" in
    "$venv_package"*) stop "system packages are missing; $advice" ;;
    *) say "the live window cannot open without some system packages; $advice" ;;
    esac
}

# pip runs again only when what it would install has changed.
fill_environment() {
    state="$(cat "requirements/$wanted.lock" pyproject.toml | cksum) $PWD"
    stamp=".venv/$wanted.stamp"
    if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then return; fi
    say "installing Python packages into .venv (a few minutes the first time)"
    pip="$environment -m pip --disable-pip-version-check --no-input"
    $pip install --quiet --require-hashes -r "requirements/$wanted.lock"
    $pip install --quiet --no-deps --no-build-isolation -e .
    echo "$state" >"$stamp"
}

sudo_hint="sudo "
[ "$(id -u)" != 0 ] || sudo_hint=""
python=$(find_python)
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
venv_package="python$version-venv"
environment=.venv/bin/python

add_system_packages
if ! supported $environment || ! $environment -m pip --version >/dev/null 2>&1; then
    say "making .venv with $python ($version)"
    "$python" -m venv --clear .venv
fi
fill_environment
