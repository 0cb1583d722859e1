"""Which steps are tried from where."""

from playground.authoring.rehearsal import Problem
from playground.authoring.show import report
from playground.authoring.trials import Outcome, trials
from playground.checks import kinds
from playground.curriculum.model import Lesson
from playground.curriculum.parser import parse

HEAD = "---\ntitle: T\nsummary: S\nminutes: 5\n---\n"
STEP = "\n## {0} {{#{0}}}\n\n```check\ndid: ps\n```\n\n```sh solve\ndocker ps\n```\n\n```sh wrong\nls\n```\n"


def lesson() -> Lesson:
    return parse(HEAD + "".join(STEP.format(name) for name in ("one", "two", "three")), "f", "t", kinds.parse)


def planned(step: str = "", *, fresh: bool = False) -> list[tuple[list[str], list[str], bool]]:
    return [
        ([step.id for step in trial.before], [step.id for step in trial.tried], trial.wrong)
        for trial in trials([lesson()], step, fresh=fresh)
    ]


def test_a_lesson_is_tried_in_order_with_its_wrong_ways_and_by_its_solves_alone() -> None:
    assert planned() == [([], ["one", "two", "three"], True), ([], ["one", "two", "three"], False)]


def test_each_step_is_tried_from_a_fresh_seat_too_where_one_has_the_time() -> None:
    assert planned(fresh=True) == [
        ([], ["one", "two", "three"], True),
        (["one", "two"], ["three"], False),
        (["one"], ["two"], False),
    ]


def test_a_step_alone_is_tried_with_its_wrong_ways_by_its_id_or_its_number() -> None:
    assert planned("two") == planned("2") == [(["one"], ["two"], True)]
    assert planned("four") == []


def test_the_report_names_file_line_step_check_and_what_was_seen_and_says_the_same_once() -> None:
    whole, alone = trials([lesson()])
    problem = Problem(alone.tried[2], "List them", "does not pass after the solve", "~ $ docker ps\n")

    lines = list(report([Outcome(alone, (problem,)), Outcome(whole, (problem,))], {"t": "lessons/01-t/lesson.md"}))

    assert lines == [
        "lessons/01-t/lesson.md:35: three (in order): List them: does not pass after the solve\n    ~ $ docker ps"
    ]
