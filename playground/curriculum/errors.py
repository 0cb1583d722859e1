"""What can be wrong with a lesson, told so that its author can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import ValidationError

Path = tuple[str | int, ...]  # the way into a YAML block: ("answers", 0, "right")


@dataclass(frozen=True, slots=True)
class LessonError:
    """One thing to mend. `line` counts from 1 in the file, 0 where the file as a whole is meant."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a YAML block, at `path`."""

    path: Path
    message: str


class BadLesson(Exception):
    """A lesson file with errors: all of them."""

    def __init__(self, errors: Sequence[LessonError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


class BadCheck(Exception):
    """What `parse_check` raises: all problems of one check."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The end of a message about a word that nobody knows."""
    if near := get_close_matches(word, known, n=1, cutoff=0.5):
        return f"did you mean `{near[0]}`?"
    return "known: " + ", ".join(f"`{word}`" for word in known)


def problems_of(error: ValidationError, known: Sequence[str]) -> list[Problem]:
    """pydantic's findings in an author's words. `known` are the fields of the model that was asked for."""
    return [
        Problem(tuple(detail["loc"]), _message(detail["type"], detail["msg"], detail["loc"], known))
        for detail in error.errors()
    ]


def _message(kind: str, text: str, path: Path, known: Sequence[str]) -> str:
    word = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        return f"unknown word `{word}`: {did_you_mean(word, known)}"
    if kind == "missing":
        return f"`{word}` is missing"
    where = ".".join(map(str, path))
    return f"`{where}`: {text[:1].lower()}{text[1:]}" if where else text
