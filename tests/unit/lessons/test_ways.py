"""Of each step: other ways that are right, and for each of its checks wrong ways that somebody might go, with what is
said to them. They stand in ways/<lesson>.txt, in the words of the command line, and are walked on paper."""

from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest
from django.conf import settings

from playground.checks import kinds
from playground.checks.kinds import Check
from playground.curriculum.course import lesson_files, load
from playground.curriculum.draws import Draws, drawn, filled
from playground.curriculum.model import Lesson, Step
from playground.curriculum.specs import read_draws
from tests.unit.lessons.paper import sitting

WAYS = Path(__file__).parent / "ways"
LESSONS = load(settings.LESSONS_DIR, kinds.parse).lessons
WRONG_WAYS = 3  # of each check, at the least
Ways: TypeAlias = dict[
    str, dict[str, str]
]  # "right", or a check's goal -> the way -> what is said, "" where that does not matter


def looks_at_the_engine(step: Step) -> list[Check]:
    return [check for check in step.checks if isinstance(check, Check) and not check.asks]


STEPS = [(lesson, step) for lesson in LESSONS for step in lesson.steps if looks_at_the_engine(step)]
each_step = pytest.mark.parametrize(("lesson", "step"), STEPS, ids=[f"{one.slug}/{step.id}" for one, step in STEPS])


def draws_of(slug: str) -> Draws:
    (file,) = (file for file in lesson_files(settings.LESSONS_DIR) if file.parent.name.endswith(f"-{slug}"))
    return read_draws(file.read_text().split("---")[1])


@cache
def ways_of(slug: str) -> dict[str, Ways]:
    """By step. Lines: `# step`, `+ right way`, `= goal`, `- wrong way`, `  > what is said`, or two blanks: one more."""
    found: dict[str, Ways] = {}
    step, goal, way = Ways(), "", ""
    for line in filled((WAYS / f"{slug}.txt").read_text(), drawn(draws_of(slug), slug, variant=0)).splitlines():
        text = line[2:]
        if line.startswith("# "):
            found[text] = {"right": {}}
            step, goal = found[text], "right"
        elif line.startswith("= "):
            goal, step[text] = text, {}
        elif line.startswith("  > "):
            step[goal][way] = line[4:]
        elif line.startswith("  "):
            said = step[goal].pop(way)
            way = f"{way}\n{text}"
            step[goal][way] = said
        elif line:
            way = text
            step[goal][way] = ""
    return found


def ways(lesson: Lesson, step: Step) -> Ways:
    return ways_of(lesson.slug)[step.id]


def walked(lesson: Lesson, step: Step, script: str) -> sitting.Outcome:
    before = lesson.steps[: lesson.steps.index(step)]
    return sitting.hold(step, sitting.at(before), script)


@each_step
def test_the_solve_passes_and_no_wrong_way_of_the_lesson_does_on_paper_too(lesson: Lesson, step: Step) -> None:
    assert walked(lesson, step, step.solve).left == ()
    assert [script for script in step.wrong if not walked(lesson, step, script).left] == []


@each_step
def test_every_right_way_passes(lesson: Lesson, step: Step) -> None:
    right = ways(lesson, step)["right"]
    outcomes = {script: walked(lesson, step, script) for script in right}

    assert right
    assert {way: [check.goal for check in one.left] for way, one in outcomes.items() if one.left} == {}


@each_step
def test_no_wrong_way_ticks_its_check_and_what_is_said_helps(lesson: Lesson, step: Step) -> None:
    for check in looks_at_the_engine(step):
        for script, says in ways(lesson, step)[check.goal].items():
            outcome = walked(lesson, step, script)

            assert check in outcome.left, script
            assert not says or any(says in said for said in outcome.says), (script, outcome.says)


@each_step
def test_wrong_ways_were_thought_of_for_every_check(lesson: Lesson, step: Step) -> None:
    goals = {check.goal: len(ways(lesson, step).get(check.goal, ())) for check in looks_at_the_engine(step)}

    assert {goal: count for goal, count in goals.items() if count < WRONG_WAYS} == {}
    assert set(ways(lesson, step)) == {"right", *goals}


def test_no_ways_stand_beside_a_step_that_is_not_there() -> None:
    steps = {(lesson.slug, step.id) for lesson, step in STEPS}

    assert {(file.stem, step) for file in WAYS.glob("*.txt") for step in ways_of(file.stem)} == steps
