"""The scripts: commands as a person types them, one on a line, in `scripts/*.txt`.

    # a comment
    docker run -d --name web busybox sleep 600
    docker exec -it web sh
      < #
      > exit

Lines that are indented belong to the command above, which then runs on a terminal: `<` waits until the text has come on
the screen, `>` types the text and Enter (`^P` and so on is a key held down with Ctrl, and typed without Enter).
Each script begins with an engine that has nothing on it, in a folder that holds a copy of `files/`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
FILES = FOLDER / "files"


@dataclass(frozen=True, slots=True)
class Turn:
    typed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    line: str
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    name: str
    commands: tuple[Command, ...]


def read_scripts() -> list[Script]:
    return [parse(path.stem, path.read_text()) for path in sorted((FOLDER / "scripts").glob("*.txt"))]


def parse(name: str, text: str) -> Script:
    commands: list[Command] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            kind, said = line.strip()[0], line.strip()[2:]
            if kind not in "<>":
                raise ValueError(f"{name}: neither < nor >: {line}")
            last = commands.pop()
            commands.append(Command(last.line, (*last.turns, Turn(kind == ">", _keys(said) if kind == ">" else said))))
        else:
            commands.append(Command(line.strip()))
    return Script(name, tuple(commands))


def _keys(text: str) -> str:
    if re.fullmatch(r"(\^[A-Z])+", text):
        return "".join(chr(ord(key) - ord("@")) for key in text[1::2])
    return text + "\n"
