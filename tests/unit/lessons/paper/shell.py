"""A seat's terminals on paper: the lines of a block, as far as the lessons use a shell. A container that keeps a
terminal gets what is typed into it."""

import re
import shlex
from collections.abc import Iterator

from playground.curriculum.typed import KEYS, Keys, Line, Terminal, typed
from playground.gateway.facts import Fact
from tests.unit.lessons.paper import programs, tools
from tests.unit.lessons.paper.client import Client
from tests.unit.lessons.paper.commands import docker
from tests.unit.lessons.paper.engine import Paper

INTERRUPT, DETACH = KEYS["ctrl-c"], KEYS["ctrl-p"] + KEYS["ctrl-q"]
INTERRUPTED = 130
_ENDS = (";", "&&", "||", "|")
_HEREDOC = re.compile(r"<<'?(\w+)'?")
_COMMAND = re.compile(r"\$\((docker [^()]*)\)")
_PLACE = "\0"  # of a command whose output makes words


class Seat:
    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.on_fact = self.facts.append
        self.paper = Paper(lambda fact: self.on_fact(fact))
        self.files = {"/etc/hostname": "seat", "/bin/busybox": "", "/bin/ls": ""}  # of the terminals
        self._client = Client(self.paper, self.files)

    def type(self, script: str) -> None:
        lines = iter(typed(script))
        self._client.terminal = 1
        for item in lines:
            match item:
                case Terminal(number):
                    self._client.terminal = number
                case Line(text) if self._client.terminal in self._client.attached:
                    self._into_container(text)
                case Line(text):
                    self._line(text, lines)
                case Keys(data):
                    self._press(data)

    # ── What keeps the terminal ──────────────────────────────────────────────────────────────────────────────────

    def _into_container(self, text: str) -> None:
        how, held = self._client.attached[self._client.terminal]
        if how == "logs" or not held.flags["interactive"]:
            raise AssertionError(f"nothing reads {text!r}: {held.name} keeps the terminal")
        if found := re.match(r"exit ?(\d*)", text):
            del self._client.attached[self._client.terminal]
            self.paper.end(held, int(found[1] or 0))
        else:
            programs.run(["sh", "-c", text], held.box)

    def _press(self, data: bytes) -> None:
        terminal = self._client.terminal
        if terminal not in self._client.attached:
            return
        how, held = self._client.attached[terminal]
        reads_keys = held.flags["tty"] and held.flags["interactive"]
        if (data == INTERRUPT and (how == "logs" or reads_keys)) or (data == DETACH and reads_keys and how == "run"):
            del self._client.attached[terminal]
        if how == "run" and reads_keys and data == INTERRUPT:
            self.paper.end(held, INTERRUPTED)
        elif how == "run" and reads_keys and data == DETACH:
            self.paper.did("detach", held, flags={"interactive": True, "tty": True})

    # ── A line ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _line(self, text: str, rest: Iterator[object]) -> None:
        told = None
        if heredoc := _HEREDOC.search(text):
            told, text = _until(heredoc[1], rest), text.replace(heredoc[0], "")
        inner = _COMMAND.findall(text)
        for command in _commands(_COMMAND.sub(_PLACE, text)):
            words: list[str] = []
            for word in command:
                words += self._one(shlex.split(inner.pop(0)), None).split() if word == _PLACE else [word]
            told = self._one(words, told)

    def _one(self, words: list[str], told: str | None) -> str:
        """What it prints, for a pipe, a file or another command's words."""
        words = words[1:] if words[0] == "time" else words
        into = ""
        for sign in (">", ">>", "<"):
            if sign in words:
                place = words.index(sign)
                path = self._client.path(words[place + 1])
                told, into = (self.files.get(path), into) if sign == "<" else (told, path)
                del words[place : place + 2]
        if words[0] == "docker":
            said = docker(self._client, words[1:], told)
        else:
            said = tools.run(self._client, words, told or "")
        if into:
            self.files[into] = said
        return said


def _until(end: str, rest: Iterator[object]) -> str:
    lines = []
    for item in rest:
        assert isinstance(item, Line)
        if item.text == end:
            break
        lines.append(item.text)
    return "\n".join(lines) + "\n"


def _commands(text: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";|&<>")
    lexer.whitespace_split, lexer.commenters = True, ""
    command: list[str] = []
    for word in [*lexer, ";"]:
        if word not in _ENDS:
            command.append(re.sub("^~(?=/|$)", "/root", word))
        elif command:
            yield command
            command = []
