"""What runs in a seat for the file pane: shell scripts that never change. Paths reach them as arguments, so that
nothing of a name is ever read as shell.

All of it happens inside the seat's container, as its root, within its budget: what a learner has put in the place of a
file, of a folder or even of these tools is theirs alone. Each script's exit code is one of CODES.
"""

from playground.files.listing import FORMAT
from playground.files.refusals import Why

CODES = {
    40: Why.MISSING,
    41: Why.NO_FOLDER,
    42: Why.FOLDER,
    43: Why.DENIED,
    44: Why.NOT_PLAIN,
    45: Why.EXISTS,
    46: Why.CHANGED,
    47: Why.FAILED,
    124: Why.LATE,
}

# $1 folder, $2 bytes of answer
LIST = f"""
exec 2>/dev/null
cd "$1" || {{ [ -d "$1" ] && exit 43; [ -e "$1" ] && exit 41; exit 40; }}
find . -mindepth 1 -maxdepth 1 -exec stat -c '{FORMAT}' {{}} + | head -c "$2"
"""

# $1 file, $2 bytes of answer
READ = """
exec 2>/dev/null
[ -d "$1" ] && exit 42
[ -e "$1" ] || exit 40
[ -f "$1" ] || exit 44
head -c "$2" "$1" || exit 43
"""

# $1 file, $2 bytes that come, $3 what has to be there: "" anything, "*" nothing, else the SHA-256 of its content.
# A new file takes the old one's place at once and whole, where a link leads to; the x keeps line ends at a name's end.
WRITE = """
exec 2>/dev/null
to=$1
if [ -L "$1" ]; then
    to=$(readlink -f "$1" && echo x) || exit 44
    to=${to%??}
fi
[ -d "$to" ] && exit 42
if [ -e "$to" ]; then
    [ -f "$to" ] || exit 44
    [ "$3" = '*' ] && exit 45
else
    [ -d "${to%/*}" ] || exit 40
    [ -z "$3" ] || [ "$3" = '*' ] || exit 46
fi
new=$(mktemp "${to%/*}/.saving-XXXXXX") || exit 47
trap 'rm -f "$new"' EXIT
cat >"$new" && [ "$(stat -c %s "$new")" = "$2" ] || exit 47
mode=644
if [ -e "$to" ]; then
    [ -z "$3" ] || [ "$(sha256sum <"$to")" = "$3  -" ] || exit 46
    mode=$(stat -c %a "$to")
fi
chmod "$mode" "$new" && mv -f "$new" "$to" || exit 47
"""

# $1 folder
MAKE_FOLDER = """
exec 2>/dev/null
[ -e "$1" ] || [ -L "$1" ] && exit 45
[ -d "${1%/*}" ] || exit 40
mkdir "$1" || exit 47
"""

# $1 file, link or folder with all in it
REMOVE = """
exec 2>/dev/null
[ -e "$1" ] || [ -L "$1" ] || exit 40
rm -rf "$1" || exit 43
"""
