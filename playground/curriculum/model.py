"""What a lesson is made of. Plain frozen types: no I/O, no Django."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

FIRST_TERMINAL = 1  # where a command runs unless its block names another


class Check(Protocol):
    """What `parse_check` made of one check. The curriculum carries it without knowing what it looks at."""

    @property
    def key(self) -> str:
        """Names the check within its step; the same as long as what it asks for is the same."""

    @property
    def goal(self) -> str:
        """One line for the learner, "" where the author wrote none."""

    @property
    def asks(self) -> str:
        """The question whose answer the learner types on the page, "" for a check that is seen on the engine."""


@dataclass(frozen=True, slots=True)
class Prose:
    markdown: str


@dataclass(frozen=True, slots=True)
class Command:
    """Shell commands to show; `run`: a click runs them in that terminal of the learner's."""

    text: str
    run: bool
    terminal: int = FIRST_TERMINAL


@dataclass(frozen=True, slots=True)
class KeyPresses:
    """Keys to press in the terminal, one after the other, in the words of `typed.KEYS`."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """What a command printed when the author tried it."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A file to read: a Dockerfile, YAML, JSON."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Help that the learner opens."""

    blocks: tuple["Prose | Command | KeyPresses | Output | Listing", ...]


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question with answers to choose from. It is a check as well: its step waits for the right answer."""

    key: str
    question: str
    answers: tuple[Answer, ...]
    goal: str = ""

    @property
    def right(self) -> frozenset[int]:
        """The positions of the right answers; with more than one the learner ticks all of them."""
        return frozenset(place for place, answer in enumerate(self.answers) if answer.right)


@dataclass(frozen=True, slots=True)
class Question:
    """Where the page asks what a check `asks`."""

    key: str
    text: str


Block: TypeAlias = Prose | Command | KeyPresses | Output | Listing | Hint | Quiz | Question


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    title: str
    line: int
    blocks: tuple[Block, ...]
    checks: tuple[Check, ...]
    solve: str = ""  # shell lines that pass the step, "" where only questions stand in the way
    wrong: tuple[str, ...] = ()  # shell lines of which none may pass it
    teaches: tuple[int, ...] = ()  # rows of the course's syllabus
    html: str = ""  # the blocks for the page; `rendering.rendered` fills it in

    @property
    def quizzes(self) -> tuple[Quiz, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Quiz))

    @property
    def goals(self) -> tuple[Check | Quiz, ...]:
        """All that must come true for the step to pass, each with a `key` and a `goal`."""
        return self.checks + self.quizzes


@dataclass(frozen=True, slots=True)
class Lesson:
    slug: str
    title: str
    summary: str
    minutes: int
    intro: tuple[Block, ...]
    steps: tuple[Step, ...]
    intro_html: str = ""  # as Step.html
    challenge: bool = False  # no hints, no solutions: the learner is on their own
    variants: tuple["Lesson", ...] = ()  # where something is drawn for each learner; the lesson itself is the first

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)
