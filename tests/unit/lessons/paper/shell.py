"""A seat's terminal on paper: the lines of a block, as far as the lessons use a shell. A container that keeps the
terminal gets what is typed."""

import re
import shlex
from collections.abc import Iterator

from playground.curriculum.typed import KEYS, Keys, Line, Terminal, typed
from playground.gateway.facts import Fact
from tests.unit.lessons.paper import programs
from tests.unit.lessons.paper.client import Client
from tests.unit.lessons.paper.engine import Paper

INTERRUPT, DETACH = KEYS["ctrl-c"], KEYS["ctrl-p"] + KEYS["ctrl-q"]
INTERRUPTED = 130
_ENDS = (";", "&&", "||", "|")
_HEREDOC = re.compile(r"<<'?(\w+)'?")
_PLACE = "\0"  # of a command whose output makes words
_COMMAND = re.compile(r"\$\((docker [^()]*)\)")


class Seat:
    """`files` are those of the terminal."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.on_fact = self.facts.append
        self.paper = Paper(lambda fact: self.on_fact(fact))
        self.files = {"/etc/hostname": "seat", "/bin/busybox": "", "/bin/ls": ""}
        self.folder = "/root"
        self.docker = Client(self.paper, self.files)

    def type(self, script: str) -> None:
        terminal, lines = 1, iter(typed(script))
        for item in lines:
            match item:
                case Terminal(number):
                    terminal = number
                case Line(text) if terminal in self.docker.attached:
                    self._into_container(terminal, text)
                case Line(text):
                    self._line(terminal, text, lines)
                case Keys(data):
                    self._press(terminal, data)

    # ── What keeps the terminal ──────────────────────────────────────────────────────────────────────────────────

    def _into_container(self, terminal: int, text: str) -> None:
        how, held = self.docker.attached[terminal]
        if how == "logs" or not held.flags["interactive"]:
            raise AssertionError(f"nothing reads {text!r}: {held.name} keeps the terminal")
        if found := re.match(r"exit ?(\d*)", text):
            del self.docker.attached[terminal]
            self.paper.end(held, int(found[1] or 0))
        else:
            programs.run(["sh", "-c", text], held.box)

    def _press(self, terminal: int, data: bytes) -> None:
        how, held = self.docker.attached.get(terminal, ("", None))
        if held is None:
            return
        if how == "logs":
            if data == INTERRUPT:
                del self.docker.attached[terminal]
        elif data == INTERRUPT and held.flags["tty"] and held.flags["interactive"]:
            del self.docker.attached[terminal]
            self.paper.end(held, INTERRUPTED)
        elif data == DETACH and held.flags["tty"] and held.flags["interactive"]:
            del self.docker.attached[terminal]
            self.paper.did("detach", held, flags={"interactive": True, "tty": True})

    # ── A line ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _line(self, terminal: int, text: str, rest: Iterator[object]) -> None:
        told = None
        if heredoc := _HEREDOC.search(text):
            told, text = self._until(heredoc[1], rest), text.replace(heredoc[0], "")
        inner: list[str] = []
        text = _COMMAND.sub(lambda found: inner.append(found[1]) or _PLACE, text)
        for command in _commands(text):
            words = (self._output_of(terminal, inner.pop(0)) if word == _PLACE else [word] for word in command)
            told = self._one(terminal, [word for several in words for word in several], told)

    def _until(self, end: str, rest: Iterator[object]) -> str:
        lines = []
        for item in rest:
            assert isinstance(item, Line)
            if item.text == end:
                break
            lines.append(item.text)
        return "\n".join(lines) + "\n"

    def _output_of(self, terminal: int, command: str) -> list[str]:
        return self.docker.run(shlex.split(command)[1:], self.folder, terminal).split()

    def _one(self, terminal: int, command: list[str], told: str | None) -> str | None:
        """What it prints, for a pipe or a file."""
        command = command[1:] if command[0] == "time" else command
        into = ""
        for sign in (">", ">>", "<"):
            if sign in command:
                place = command.index(sign)
                path = self._path(command[place + 1])
                told, into = (self.files.get(path), into) if sign == "<" else (told, path)
                del command[place : place + 2]
        if command[0] == "docker":
            said = self.docker.run(command[1:], self.folder, terminal, told)
        else:
            said = self._own(command, told)
        if into:
            self.files[into] = said
        return said

    def _own(self, words: list[str], told: str | None) -> str:
        """A program of the terminal's own."""
        name, *rest = words
        paths = [self._path(word) for word in rest if not word.startswith("-")]
        if name == "cd":
            self.folder = paths[0] if paths else "/root"
        elif name == "printf":
            return rest[0].encode().decode("unicode_escape")
        elif name == "echo":
            return " ".join(rest) + "\n"
        elif name == "cat" and not rest:
            return told or ""
        elif name == "tee":
            self.files[paths[0]] = told or ""
        elif name == "touch":
            self.files[paths[0]] = ""
        elif name == "rm":
            self.files.pop(paths[0], None)
        elif name == "cp":
            place = paths[1] if not paths[1].endswith("/.") else f"{paths[1][:-1]}{paths[0].rpartition('/')[2]}"
            self.files[place] = self.files[paths[0]]
        elif name == "dd":
            self.files[next(word[3:] for word in rest if word.startswith("of="))] = ""
        elif name == "sed" and "-i" in rest:
            _, old, new, _ = rest[1].split("/")
            self.files[paths[1]] = self.files[paths[1]].replace(old, new)
        elif name == "mv":
            self.files[paths[1]] = self.files.pop(paths[0])
        elif name == "tar" and "-xOf" in rest:
            return self.files.get(paths[0], "")
        elif name == "tar" and "-xf" in rest and paths[0] in self.files:
            self.files[self._path("manifest.json")] = self.files[paths[0]]
        return ""

    def _path(self, name: str) -> str:
        return name if name.startswith("/") else f"{self.folder}/{name}"


def _commands(text: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";|&<>")
    lexer.whitespace_split, lexer.commenters = True, ""
    command: list[str] = []
    for word in [*lexer, ";"]:
        if word in _ENDS:
            if command:
                yield command
            command = []
        else:
            command.append(re.sub("^~(?=/|$)", "/root", word))
