"""`docker top`: the engine hands ps_args to the host's ps, as root. So only spellings that show known columns pass."""

import re

from playground.gateway.policy.errors import Refused

_PLAIN = frozenset({"", "aux", "-aux", "ax", "-ef", "-e", "-ely", "-el", "-f", "u", "x", "faux", "-eF"})
_COLUMNS = (
    "pid ppid pgid sid user uid ruser group gid comm cmd args command stat state s time etime etimes start stime tty "
    "tt ni nice pri rss vsz sz pcpu %cpu pmem %mem c nlwp thcount"
)
_OUTPUT = re.compile(r"(?:-e|-a|-A)?\s*(?:-e?o|-o)\s*([a-z%]+(?:,[a-z%]+)*)")


def check_ps_args(text: str) -> str:
    words = " ".join(text.split())
    if words in _PLAIN:
        return words
    found = _OUTPUT.fullmatch(words)
    if not found or not set(found[1].split(",")) <= set(_COLUMNS.split()):
        raise Refused(
            403, "docker top shows fixed columns in this playground: try it without options, or with -o pid,user,args"
        )
    columns = found[1].split(",")
    if "pid" not in columns:
        columns.insert(0, "pid")  # the engine finds the container's processes by this column
    return "-eo " + ",".join(columns)
