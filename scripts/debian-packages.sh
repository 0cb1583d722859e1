#!/bin/sh
# Unpack packages of another Debian release into a folder, beside what this machine has installed.
#   scripts/debian-packages.sh DESTINATION SUITE PACKAGE…      for example: var/packages trixie docker-compose
# DESTINATION then holds usr/ and so on of these packages, without those that they depend on; its `contents` names them.
# Needs apt and Debian's own sources, not root. Does nothing where DESTINATION holds these packages already: remove it to
# have newer ones. What the machine has installed, its package lists and apt's settings are not touched.
set -eu

if [ $# -lt 3 ]; then
    echo "usage: $0 DESTINATION SUITE PACKAGE…" >&2
    exit 2
fi
destination=$1 suite=$2
shift 2
wanted="$suite $*"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

die() {
    echo "no packages of Debian $suite: $*" >&2
    exit 1
}

[ "$wanted" != "$(head -n 1 "$destination/contents" 2>/dev/null)" ] || exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || die "this machine has no apt"
[ -r "$keyring" ] || die "install debian-archive-keyring"
# shellcheck source=/dev/null
here=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

mkdir -p "$(dirname "$destination")"
beside=$(mktemp -d "$destination.XXXXXX") # on the same file system, to be renamed at the end
scratch=$(mktemp -d)
trap 'rm -rf "$scratch" "$beside"' EXIT
mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial" "$scratch/packages"
chmod 755 "$scratch" # apt fetches as a user of its own

# The mirrors that this machine uses, with the other release's name in the place of its own. A new machine may not have
# any package list yet; apt knows the addresses all the same.
apt-get update --print-uris |
    sed -n "s|^'\(.*\)/dists/$here\(-[a-z-]*\)\{0,1\}/InRelease'.*|deb [signed-by=$keyring] \1 $suite\2 main|p" |
    sort -u >"$scratch/sources.list"
[ -s "$scratch/sources.list" ] || die "apt has no sources for this machine's own release ($here)"

private_apt() {
    apt-get -q -o Dir::Etc::sourcelist="$scratch/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o APT::Default-Release= \
        -o Dir::State::lists="$scratch/lists" -o Dir::Cache="$scratch/cache" -o Acquire::Languages=none "$@"
}

# Without Error-Mode, an update that reached nobody is only a warning.
if ! { private_apt -o APT::Update::Error-Mode=any update && cd "$scratch/packages" && private_apt download "$@"; } \
    >"$scratch/log" 2>&1; then
    cat "$scratch/log" >&2
    die "apt could not fetch $*: see above"
fi
cd "$OLDPWD"

echo "$wanted" >"$beside/contents"
for package in "$scratch"/packages/*.deb; do
    dpkg-deb -x "$package" "$beside"
    basename "$package" >>"$beside/contents"
done
chmod 755 "$beside"
rm -rf "$destination"
mv "$beside" "$destination"
