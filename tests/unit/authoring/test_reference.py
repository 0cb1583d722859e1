"""docs/reference/lesson-format.md has every block and every word, and no other."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from playground.checks import words
from playground.checks.words import did, state
from playground.curriculum import parser, typed
from playground.curriculum.specs import FrontMatter
from playground.gateway.policy.routes import ROUTES

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "lesson-format.md").read_text()


def table(heading: str) -> dict[str, str]:
    """First cell, without its backticks, to the whole row."""
    lines = TEXT[TEXT.index(f"| {heading} |") :].split("\n\n")[0].splitlines()[2:]
    return {line.split("|")[1].strip(): line for line in lines}


def in_code(text: str) -> set[str]:
    return set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text))


def test_every_block_is_explained_and_no_other() -> None:
    assert in_code(" ".join(table("block"))) == set(parser.WORDS)


def test_every_check_word_is_explained_and_no_other() -> None:
    assert in_code(" ".join(table("word"))) == set(words.WORDS)


@pytest.mark.parametrize(
    "word", [word for word, model in words.WORDS.items() if isinstance(model, type) and issubclass(model, BaseModel)]
)
def test_every_condition_of_a_word_stands_in_its_row_and_no_other(word: str) -> None:
    model = words.WORDS[word]
    assert isinstance(model, type)
    assert issubclass(model, BaseModel)

    assert in_code(table("word")[f"`{word}`"].split("|")[3]) == set(model.model_fields)


def test_every_action_stands_in_the_group_that_says_what_a_plain_word_names() -> None:
    groups = [in_code(row.split("|")[2]) for row in table("a plain word after the action names").values()]

    kinds = (did.ABOUT_IMAGES, did.ABOUT_CONTAINERS, did.ABOUT_OTHERS, did.ABOUT_A_COMMAND, did.ABOUT_NOTHING)
    assert groups == [set(kind) for kind in kinds]
    assert set(did.Conditions.model_fields) <= in_code(TEXT[TEXT.index("**did**") :].split("\n\n")[0])


def test_a_check_can_ask_for_everything_that_a_learner_may_do() -> None:
    answered = {route.action for route in ROUTES if route.action and route.decision != "deny"}

    assert answered - {"resize"} == set(did.ACTIONS) - {"run", "detach", "compose"}  # made of several calls, or of none


def test_every_status_key_and_line_of_the_front_matter_is_named() -> None:
    named = in_code(TEXT)

    assert set(get_args(state.Status)) <= named
    assert {f"<{key}>" for key in typed.KEYS if not key.startswith("ctrl-")} <= named
    assert {f"{field}:" for field in FrontMatter.model_fields} <= set(TEXT.split())
