"""The YAML that the curriculum reads itself: front matter and quizzes. Pure."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from playground.curriculum import blocks
from playground.curriculum.draws import Draws
from playground.curriculum.errors import did_you_mean, problems_of
from playground.curriculum.model import Answer, Quiz
from playground.curriculum.syllabus import ROWS

Line = Annotated[str, Field(min_length=1, max_length=400)]

Name = Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
Drawn = Annotated[list[Line | Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=20)]

Spec = TypeVar("Spec", bound=BaseModel)


class BadSpec(Exception):
    """`problems`: lines from 1 within the block, and messages."""

    def __init__(self, problems: Sequence[tuple[int, str]]) -> None:
        super().__init__("; ".join(message for _, message in problems))
        self.problems = tuple(problems)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class FrontMatter(_Strict):
    title: Line
    summary: Line
    minutes: Annotated[int, Field(ge=1, le=240)]
    teaches: dict[str, list[int]] = {}  # step id -> rows of the syllabus
    challenge: bool = False
    draw: dict[Name, Drawn] = {}  # what is different for each learner


class _AnswerSpec(_Strict):
    text: Line
    right: bool = False
    why: Line


class _QuizSpec(_Strict):
    question: Line
    goal: str = ""
    answers: Annotated[list[_AnswerSpec], Field(min_length=2, max_length=8)]


def read_front_matter(text: str, step_ids: Sequence[str]) -> FrontMatter:
    """Raises BadSpec."""
    yaml = _yaml(text)
    front = _validated(FrontMatter, yaml)
    problems = [
        (yaml.line(("teaches", step_id)), f"`teaches` names no step `{step_id}`: {did_you_mean(step_id, step_ids)}")
        for step_id in front.teaches
        if step_id not in step_ids
    ]
    problems += [
        (yaml.line(("teaches", step_id, place)), f"the syllabus has no row {row}: its rows are 1 to {max(ROWS)}")
        for step_id, rows in front.teaches.items()
        for place, row in enumerate(rows)
        if row not in ROWS
    ]
    if problems:
        raise BadSpec(problems)
    return front


def read_draws(text: str) -> Draws:
    """What is needed of the front matter before the text can be read; its mistakes are told by `read_front_matter`."""
    try:
        return FrontMatter.model_validate(blocks.read(text).value).draw
    except (blocks.BadYaml, ValidationError):
        return {}


def read_quiz(text: str) -> Quiz:
    """Raises BadSpec."""
    yaml = _yaml(text)
    spec = _validated(_QuizSpec, yaml)
    if not any(answer.right for answer in spec.answers):
        raise BadSpec([(yaml.line(("answers",)), "no answer is right: give one of them `right: true`")])
    if all(answer.right for answer in spec.answers):
        raise BadSpec([(yaml.line(("answers",)), "every answer is right: one that is not makes it a question")])
    key = hashlib.sha256(spec.question.encode()).hexdigest()[:12]
    return Quiz(key, spec.question, tuple(Answer(a.text, a.right, a.why) for a in spec.answers), spec.goal)


def _yaml(text: str) -> blocks.Yaml:
    try:
        return blocks.read(text)
    except blocks.BadYaml as bad:
        raise BadSpec([(bad.line, str(bad))]) from None


def _validated(model: type[Spec], yaml: blocks.Yaml) -> Spec:
    try:
        return model.model_validate(yaml.value)
    except ValidationError as error:
        raise BadSpec([(yaml.line(found.path), found.message) for found in problems_of(error, _words(model))]) from None


def _words(model: type[BaseModel]) -> list[str]:
    """The words of a block, those of its answers included, for "did you mean"."""
    return [*model.model_fields, *(_AnswerSpec.model_fields if model is _QuizSpec else ())]
