#!/bin/sh
# Make this machine ready: Python and front-end packages, and an engine to be started if none answers.
#   scripts/setup.sh          for `make run`
#   scripts/setup.sh --test   also what all tests need
#   scripts/setup.sh --unit   what the unit tests need: no engine
# Idempotent, and quick when there is nothing to do. Installs Debian packages only as root, and only what is missing.
set -eu
cd "$(dirname "$0")/.."

goal=${1:---run}
case $goal in
--run | --test | --unit) ;;
*)
    echo "usage: scripts/setup.sh [--test | --unit]" >&2
    exit 2
    ;;
esac

say() { echo "==> $*"; }

die() {
    echo "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

can_install() { [ "$(id -u)" = 0 ] && have apt-get; }

# install WHY PACKAGE…
install() {
    why=$1
    shift
    can_install || die "$why: install $* (or what your system calls them), or run this again as root on Debian or Ubuntu."
    say "Installing $*"
    log=$(mktemp)
    {
        apt-get -q update &&
            DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "$@"
    } >"$log" 2>&1 || {
        cat "$log" >&2
        die "$why, and apt-get could not install $*: see above."
    }
    rm -f "$log"
}

# Debian 13 took the client out of docker.io.
client_package() {
    if [ -n "$(apt-cache search --names-only '^docker-cli$' 2>/dev/null)" ]; then echo docker-cli; else echo docker.io; fi
}

# install_programs WHY PROGRAM:PACKAGE… installs the packages of the programs that are missing.
install_programs() {
    reason=$1
    shift
    missing=
    for pair in "$@"; do
        have "${pair%%:*}" || missing="$missing ${pair#*:}"
    done
    # shellcheck disable=SC2086  # package names hold no blanks
    [ -z "$missing" ] || install "$reason" $missing
}

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if have "$name" && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            echo "$name"
            return
        fi
    done
}

# unless_done STAMP FILES… succeeds when FILES are not what they were at `done_with STAMP FILES…`.
unless_done() {
    stamp=$1
    shift
    [ "$(cat "$@" | sha256sum)" != "$(cat "$stamp" 2>/dev/null)" ]
}

done_with() {
    stamp=$1
    shift
    cat "$@" | sha256sum >"$stamp"
}

python_packages() {
    python=$(find_python)
    if [ -z "$python" ] || ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        [ -x .venv/bin/python ] || install "Python 3.11 or newer with venv is needed" python3 python3-venv
        python=$(find_python)
        [ -n "$python" ] || die "Python 3.11 or newer is needed, and this system's packages have an older one."
    fi
    if ! .venv/bin/python -c '' 2>/dev/null; then
        say "Making the virtual environment"
        "$python" -m venv --clear .venv
    fi
    if [ "$goal" = --run ]; then set -- requirements.txt; else set -- requirements-dev.txt requirements.txt; fi
    if unless_done ".venv/stamp-$1" "$@"; then
        say "Installing Python packages from $1"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$1"
        done_with ".venv/stamp-$1" "$@"
        done_with .venv/stamp-requirements.txt requirements.txt
    fi
}

# All packages serve for `--run` too, which needs those without the linters only.
front_end_packages() {
    set -- package.json package-lock.json
    if ! unless_done node_modules/stamp-all "$@"; then return; fi
    which=all omit=
    if [ "$goal" = --run ]; then which=run omit=--omit=dev; fi
    if unless_done "node_modules/stamp-$which" "$@"; then
        install_programs "The front end's packages come through npm" npm:npm
        say "Installing front-end packages"
        npm ci --no-audit --no-fund --loglevel=error $omit
        done_with "node_modules/stamp-$which" "$@"
    fi
}

engine() {
    run_dir=${PLAYGROUND_RUN_DIR:-}
    if [ -z "$run_dir" ]; then
        if [ "$(id -u)" = 0 ]; then run_dir=/run/playground; else run_dir=/tmp/playground-$(id -u); fi
    fi
    answer=0
    .venv/bin/python -m playground.engine.find "$run_dir" >/dev/null || answer=$?
    case $answer in
    0) tools_for_images ;;
    1) programs_for_an_engine ;;
    *) exit 1 ;; # DOCKER_HOST cannot be used; find has said why
    esac
    compose_plugin
}

# The engine that answers is used as it is. Its images come from a registry, or are assembled from these two programs.
tools_for_images() {
    if have busybox && have docker; then return; fi
    if .venv/bin/python manage.py images >/dev/null 2>&1 || ! can_install; then return; fi
    install_programs "No registry answers, so images are assembled" busybox:busybox-static "docker:$(client_package)"
}

# Debian 12 has no compose of version 2. Debian 13's runs there as well, and its packages can be unpacked without rights.
# A seat image that comes from a registry's programs has compose in any case.
compose_plugin() {
    if .venv/bin/python -m playground.engine.plugin >/dev/null; then return; fi
    say "Fetching the compose plugin"
    log=$(mktemp)
    if ! scripts/debian-packages.sh .packages/compose trixie docker-compose >"$log" 2>&1; then
        cat "$log" >&2
        say "Going on without it: there is no docker compose in seats whose image is assembled here"
    fi
    rm -f "$log"
}

programs_for_an_engine() {
    [ "$(id -u)" = 0 ] ||
        die "No engine answers: start Docker (or set DOCKER_HOST to its unix socket), or run this as root to have one started."
    had_dockerd=$(command -v dockerd || true)
    install_programs "No engine answers" dockerd:docker.io
    if [ -z "$had_dockerd" ] && [ -d /run/systemd/system ]; then
        # The package starts an engine for the whole machine, without our hardening; only ours is wanted.
        systemctl disable --quiet --now docker.socket docker.service
    fi
    # Without the last two there is no disk quota and there are no pulls; the rest works.
    set -- "docker:$(client_package)" busybox:busybox-static iptables:iptables newuidmap:uidmap
    if can_install; then set -- "$@" mkfs.btrfs:btrfs-progs update-ca-certificates:ca-certificates; fi
    install_programs "No engine answers, so one is started" "$@"
}

browser() {
    if have chromium || have chromium-browser || have google-chrome; then return; fi
    install "The browser tests need Chromium" chromium fonts-dejavu-core fonts-liberation
}

# Debian 13's, for the differential test: beside the machine's own, and never started but by it.
newer_engine() {
    if [ ! -e var/newer-engine/contents ]; then say "Fetching a newer engine for the tests"; fi
    scripts/debian-packages.sh var/newer-engine trixie docker.io docker-cli containerd
}

python_packages
front_end_packages
if [ "$goal" != --unit ]; then engine; fi
if [ "$goal" = --test ]; then
    browser
    newer_engine
fi
