"""What the programs of the lessons do in a container: how they end, or that they go on, and what they leave behind."""

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

KILLED = 137
NOT_FOUND = 127
LONG = 5  # seconds; what takes less has ended when the next line is typed
APPLETS = frozenset(
    {"sh", "ls", "cat", "echo", "date", "sleep", "true", "false", "hostname", "ps", "tty", "tail", "wget", "httpd"}
    | {"rm", "dd", "uname", "touch", "kill"}
)
IN_EVERY_BUSYBOX = {"/etc/passwd": "root", "/etc/hostname": "box", "/bin/date": "", "/bin/ls": "", "/bin/busybox": ""}


@dataclass
class Box:
    """What a program finds around itself."""

    files: dict[str, str]
    has_shell: bool = True
    interactive: bool = False
    tty: bool = False
    told: str = ""  # what is fed to its input
    hog: bool = False  # there is a limit on its memory
    reach: Callable[[str], str | None] = lambda host: None  # the page of a web server of this name
    output: list[str] = field(default_factory=list)
    home: str = "/"
    listens: bool = False  # to SIGTERM


class CannotStart(Exception):
    pass


def run(words: Sequence[str], box: Box) -> int | None:
    """The exit code; None: it goes on. Raises CannotStart."""
    if not words:
        return 0
    program, *rest = words
    if program == "/hello":
        box.output.append("Hello from Docker!")
        return 0
    if program == "/busybox" and program in box.files:
        return _applet(rest[0], rest[1:], box)
    name = program.removeprefix("/bin/")
    if not box.has_shell or name not in APPLETS:
        raise CannotStart(program)
    return _applet(name, rest, box)


def _applet(name: str, rest: list[str], box: Box) -> int | None:
    if name in _ENDS:
        return _ENDS[name](rest, box)
    if name == "dd":
        box.files[" ".join(rest).partition("of=")[2].partition(" ")[0]] = ""
    elif name == "echo":
        box.output.append(" ".join(rest))
    return 0


def _kill(rest: list[str], box: Box) -> int:
    return KILLED if rest[:1] == ["-9"] else 0


def _sleep(rest: list[str], box: Box) -> int | None:
    return 0 if float(rest[0]) < LONG else None


def _httpd(rest: list[str], box: Box) -> int | None:
    return None if "-f" in rest else 0


def _tail(rest: list[str], box: Box) -> int | None:
    if "/dev/zero" in rest:
        return KILLED if box.hog else None
    return None if {"-f", "-F"} & set(rest) else 0


def _rm(rest: list[str], box: Box) -> int:
    return 0 if all(box.files.pop(path, None) is not None for path in rest if path[0] != "-") else 1


def _wget(rest: list[str], box: Box) -> int:
    page = box.reach(rest[-1].removeprefix("http://").partition("/")[0])
    box.output.append(page or "")
    return 0 if page is not None else 1


def _cat(rest: list[str], box: Box) -> int:
    for path in rest:
        if path not in box.files:
            box.output.append(f"cat: can't open '{path}': No such file or directory")
            return 1
        box.output.append(box.files[path])
    return 0


def _shell(rest: list[str], box: Box) -> int | None:
    if rest[:1] == ["-c"]:
        return _script(rest[1], box)
    if box.told:
        return _script(box.told, box)
    return None if box.interactive and box.tty else 0  # it waits for a line, or has read the end of its input


def _script(script: str, box: Box) -> int | None:
    if found := re.search(r'trap "(.*?)" TERM', script):
        box.listens, script = "exit 0" in found[1], script.replace(found[0], "")
    if "while" in script:
        return None
    if "for i in" in script:
        return 0
    code: int | None = 0
    for ends, part in re.findall(r"(^|&&|\|\||;)\s*((?:[^;&|'\"]|\"[^\"]*\"|'[^']*'|2>&1)+)", script):
        if code is None or (ends == "&&" and code) or (ends == "||" and not code):
            continue
        exits = re.match(r"exit (?:\$\(\()?([0-9 *+]+)", part)
        if exits:
            return sum(_product(one) for one in exits[1].split("+"))
        code = _one(part.strip().removeprefix("exec "), box)
    return code


def _product(text: str) -> int:
    left, _, right = text.partition("*")
    return int(left) * int(right or 1)


def _one(part: str, box: Box) -> int | None:
    """A command of a script, perhaps into a file."""
    command, into, path = part.replace("$PWD", box.home).partition(">")
    words = shlex.split(command)
    if words[:1] == ["cd"]:
        box.home = "/root"
        return 0
    before = len(box.output)
    try:
        code = run(words, box) if words else 0
    except CannotStart:
        return NOT_FOUND
    if into:
        said, box.output[before:] = "\n".join(box.output[before:]), []
        box.files[path.strip("> ")] = said
    return code


_ENDS: dict[str, Callable[[list[str], Box], int | None]] = {
    "sh": _shell,
    "sleep": _sleep,
    "httpd": _httpd,
    "tail": _tail,
    "tty": lambda rest, box: 0 if box.tty else 1,
    "false": lambda rest, box: 1,
    "cat": _cat,
    "rm": _rm,
    "wget": _wget,
    "kill": _kill,
}
