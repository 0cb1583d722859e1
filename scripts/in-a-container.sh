#!/bin/sh
# The first program of the container that the Dockerfile makes: `manage.py` with the words that are given.
set -eu
cd "$(dirname "$0")/.."

# With cgroup v2 a group that has processes hands no controllers down, and the engine's groups need them.
tree=/sys/fs/cgroup
if [ -f "$tree/cgroup.controllers" ]; then
    mkdir -p "$tree/first"
    while read -r process; do echo "$process" >"$tree/first/cgroup.procs" || true; done <"$tree/cgroup.procs"
    sed 's/ / +/g; s/^/+/' "$tree/cgroup.controllers" >"$tree/cgroup.subtree_control"
fi

exec .venv/bin/python manage.py "$@"
