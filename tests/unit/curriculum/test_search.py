"""Search over lessons: what is found, in which order, and how it is shown."""

import pytest

from playground.curriculum.search import MOST_HITS, Hit, Index
from tests.unit.curriculum.lessons import HEAD, STEP, lesson

LESSON = (
    HEAD
    + "All about **whales**.\n"
    + STEP.replace("Do it", "Read the logs")
    + "Run `docker logs` with --follow.\n\n```sh run\ndocker logs --tail 5 web\n```\n\n"
    "````hint\nThe secret is xyzzy.\n````\n\n"
    + STEP.replace("do-it", "stop").replace("Do it", "Stop it")
    + "A container's log stays. Logs are kept.\n\n```output\nExited (137)\n```\n"
)
INDEX = Index([lesson(LESSON)])


def found(question: str) -> list[str]:
    return [hit.step.id for hit in INDEX.search(question)]


def marked(hit: Hit) -> list[str]:
    return [text for text, asked in hit.snippet if asked]


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        ("logs", ["do-it", "stop"]),  # a title is worth more than text
        ("LOGS", ["do-it", "stop"]),
        ("stop", ["stop"]),
        ("137", ["stop"]),
        ("follow", ["do-it"]),
        ("--tail", ["do-it"]),
        ("whales", ["do-it"]),  # the introduction stands above the first step
        ("foll", ["do-it"]),  # the beginning of a word
        ("logs stays", ["stop", "do-it"]),  # all words before some of them
        ("nothing-like-it", []),
        ("", []),
        ("*** ( [", []),
    ],
)
def test_steps_are_found_best_first(question: str, steps: list[str]) -> None:
    assert found(question) == steps


@pytest.mark.parametrize("secret", ["xyzzy", "saw", "solve"])
def test_hints_checks_and_solves_are_not_given_away(secret: str) -> None:
    assert found(secret) == []


def test_the_words_are_marked_in_the_snippet() -> None:
    hit = INDEX.search("logs web")[0]
    assert marked(hit) == ["logs", "logs", "web"]
    assert "".join(text for text, _ in hit.snippet).startswith("All about whales. Run docker logs with --follow.")


def test_a_snippet_begins_near_the_first_word() -> None:
    index = Index([lesson(HEAD + STEP + "Many words before. " * 60 + "The needle. " + "And after. " * 60)])
    text = "".join(text for text, _ in index.search("needle")[0].snippet)
    assert text.startswith("…")
    assert text.endswith("…")
    assert "needle" in text
    assert len(text) < 200


def test_a_question_without_end_is_answered_like_any_other() -> None:
    assert len(Index([lesson(LESSON)]).search("logs " * 100_000)) <= MOST_HITS
