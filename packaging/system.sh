#!/bin/sh
# Sees to the system's own libraries: packaging/system.sh venv|run|test PYTHON
#
# Looks for what is needed rather than for package names, so that it is quiet on any system that has it. What is
# missing is installed by apt where that is allowed without a password; else the one line to run is printed. Then
# `run` goes on (Evensong says itself what it cannot do); `test`, and a Python that can make no environment, stop.
set -eu
purpose=$1
python=$2

if ! command -v "$python" >/dev/null 2>&1; then
    echo "There is no $python; install Python 3.11 or newer, or name yours: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$python is older than Python 3.11; name a newer one: make PYTHON=python3.12" >&2
    exit 1
fi

if [ "$purpose" = venv ]; then
    ! "$python" -c 'import ensurepip, venv' 2>/dev/null || exit 0
fi

missing=""
library() { "$python" -c "import ctypes; ctypes.CDLL('$1')" 2>/dev/null || missing="$missing $2"; }
program() { command -v "$1" >/dev/null || missing="$missing $2"; }

"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
library libportaudio.so.2 libportaudio2
library libespeak-ng.so.1 espeak-ng
program espeak-ng espeak-ng
library libspeexdsp.so.1 libspeexdsp1
find /usr/lib /usr/lib64 -maxdepth 4 -name libasound_module_pcm_pulse.so 2>/dev/null | grep -q . ||
    missing="$missing libasound2-plugins"
if [ "$purpose" = test ]; then
    program pulseaudio pulseaudio
    program pactl pulseaudio-utils
    # The page's tests open it in a browser, with letters.
    command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null ||
        command -v google-chrome >/dev/null || missing="$missing chromium-headless-shell"
    find /usr/share/fonts /usr/local/share/fonts -name '*.ttf' 2>/dev/null | grep -q . || missing="$missing fonts-dejavu-core"
fi
[ -n "$missing" ] || exit 0
# shellcheck disable=SC2086 # a list of words
missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')

may_install=no
as_root=""
if command -v apt-get >/dev/null; then
    if [ "$(id -u)" = 0 ]; then
        may_install=yes
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        may_install=yes
        as_root="sudo -n"
    fi
fi
apt() { $as_root env DEBIAN_FRONTEND=noninteractive "$@" </dev/null; }

if [ "$may_install" = yes ]; then
    echo "Installing $missing"
    apt dpkg --configure -a # mends an installation that was interrupted
    apt apt-get -q -o DPkg::Lock::Timeout=300 update
    # shellcheck disable=SC2086 # a list of words
    apt apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends install $missing
    exit 0
fi

echo "Evensong needs packages that only root may install; run this line when you can:" >&2
echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing" >&2
[ "$purpose" = run ]
