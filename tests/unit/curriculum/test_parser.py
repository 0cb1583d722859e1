from textwrap import dedent

import pytest

from playground.curriculum.errors import BadLesson
from playground.curriculum.model import Command, Hint, Listing, Output, Prose, Question
from tests.unit.curriculum.lessons import HEAD, STEP, SawIt, errors, lesson


def test_front_matter_names_the_lesson() -> None:
    read = lesson(HEAD + STEP)

    assert (read.slug, read.title, read.summary, read.minutes) == ("a-lesson", "A lesson", "About something.", 5)


def test_a_step_is_a_heading_with_an_id_and_what_stands_below_it() -> None:
    read = lesson(HEAD + "Hello.\n" + STEP + STEP.replace("do-it", "again").replace("Do it", "Do it again"))

    assert read.intro == (Prose("Hello."),)
    assert [(step.id, step.title, step.line) for step in read.steps] == [
        ("do-it", "Do it", 8),
        ("again", "Do it again", 18),
    ]
    assert read.step("again") is read.steps[1]
    assert read.step("nowhere") is None


def test_each_kind_of_block_is_read_in_its_place() -> None:
    body = dedent("""
        Say this:

        ```sh run
        echo hello
        ```

        ```output
        hello
        ```

        ```dockerfile
        FROM scratch
        ```

        ```sh
        echo not me
        ```

        ````hint
        Look:

        ```sh run
        echo psst
        ```
        ````

        ### A small heading

        The end.
        """)

    blocks = lesson(HEAD + STEP + body).steps[0].blocks

    assert blocks == (
        Prose("Say this:"),
        Command("echo hello", run=True),
        Output("hello\n"),
        Listing("dockerfile", "FROM scratch\n"),
        Command("echo not me", run=False),
        Hint((Prose("Look:"), Command("echo psst", run=True))),
        Prose("### A small heading\n\nThe end."),
    )


def test_solve_and_wrong_are_kept_from_the_page() -> None:
    step = lesson(HEAD + STEP + "```sh wrong\nundo it\n```\n```sh wrong\nbreak it\n```\n").steps[0]

    assert step.solve == "do it\n"
    assert step.wrong == ("undo it\n", "break it\n")
    assert step.blocks == ()


def test_a_command_may_name_its_terminal() -> None:
    body = "```sh run terminal=2\ndocker attach web\n```\n```sh terminal=3\nlook\n```\n"

    assert lesson(HEAD + STEP + body).steps[0].blocks == (
        Command("docker attach web", run=True, terminal=2),
        Command("look", run=False, terminal=3),
    )


def test_a_terminal_that_no_seat_has_is_an_error() -> None:
    for given in ("0", "5", "99", "two", "", "-1", "2.0", "\u0662"):
        assert errors(HEAD + STEP + f"```sh run terminal={given}\nps\n```\n") == [
            (16, f"`terminal` is a number from 1 to 4, not `{given}`")
        ]


def test_an_option_that_a_block_does_not_know_is_an_error() -> None:
    assert errors(HEAD + STEP + "```sh run termnal=2\nps\n```\n```output terminal=2\nx\n```\n") == [
        (16, "unknown option `termnal` of a `sh run` block: did you mean `terminal`?"),
        (19, "unknown option `terminal` of a `output` block: it takes none"),
    ]


def test_a_challenge_has_no_hints() -> None:
    head = HEAD.replace("minutes: 5\n", "minutes: 5\nchallenge: true\n")

    assert lesson(head + STEP).challenge
    assert not lesson(HEAD + STEP).challenge
    assert errors(head + STEP + "\n```hint\nPsst.\n```\n") == [
        (8, "a challenge has no hints: take this one out, or `challenge` out of the top")
    ]


def test_a_check_block_holds_one_check_or_a_list() -> None:
    several = STEP.replace("saw: it", "- saw: it\n- {saw: that, goal: See that}")

    assert lesson(HEAD + STEP).steps[0].checks == (SawIt("it"),)
    assert lesson(HEAD + several).steps[0].checks == (SawIt("it"), SawIt("that", goal="See that"))


def test_a_check_that_asks_puts_its_question_where_the_block_stands() -> None:
    asking = STEP.replace("saw: it", "{saw: it, asks: 'How many?'}").replace("```sh solve\ndo it\n```\n", "")

    assert lesson(HEAD + asking + "After.").steps[0].blocks == (Question("it", "How many?"), Prose("After."))


def test_a_quiz_counts_among_the_goals_of_its_step() -> None:
    quiz = "```quiz\nquestion: Why?\nanswers:\n- {text: A, right: true, why: So.}\n- {text: B, why: No.}\n```\n"

    step = lesson(HEAD + STEP + quiz).steps[0]

    assert [goal.key for goal in step.goals] == ["it", step.quizzes[0].key]
    assert step.quizzes[0].right == {0}


def test_rows_of_the_syllabus_stand_in_the_front_matter_by_step() -> None:
    head = HEAD.replace("minutes: 5\n", "minutes: 5\nteaches:\n  do-it: [4, 8]\n")

    assert lesson(head + STEP).steps[0].teaches == (4, 8)


BROKEN = {
    "no front matter": (STEP, 1, "must open with front matter"),
    "a word missing": (HEAD.replace("minutes: 5\n", "") + STEP, 2, "`minutes` is missing"),
    "a word too many": (
        HEAD.replace("minutes: 5", "minutes: 5\nminuets: 5") + STEP,
        5,
        "unknown word `minuets`: did you mean `minutes`?",
    ),
    "no number": (HEAD.replace("5", "five") + STEP, 4, "`minutes`: input should be a valid integer"),
    "teaches in no step": (
        HEAD.replace("5", "5\nteaches: {do-ti: [1]}") + STEP,
        5,
        "`teaches` names no step `do-ti`: did you mean `do-it`?",
    ),
    "no id": (HEAD + STEP.replace(" {#do-it}", ""), 7, "a step needs an id of small letters, digits and hyphens: "),
    "an id taken": (HEAD + STEP + STEP, 17, "the id `do-it` is taken by the step in line 7"),
    "a title": (HEAD + "# Title\n" + STEP, 6, "the title stands in the front matter; steps are `##` headings"),
    "an unknown block": (HEAD + STEP + "```sh rum\nx\n```\n", 16, "unknown block `sh rum`: did you mean `sh run`?"),
    "an empty block": (HEAD + STEP + "```hint\n```\n", 16, "this `hint` block is empty"),
    "an open block": (HEAD + STEP + "```hint\nx\n", 16, "this `hint` block is never closed"),
    "a block in a list": (HEAD + STEP + "- ```sh run\n  x\n  ```\n", 16, "a `sh run` block must stand at the margin"),
    "no YAML": (HEAD + STEP.replace("it\n```", "it\n  no: y\n```"), 11, "not YAML: mapping values are not allowed"),
    "an unknown key": (HEAD + STEP + "```keys\nctrl-p esc\n```\n", 17, "unknown key `esc`: did you mean `escape`?"),
    "an unknown check": (HEAD + STEP.replace("saw: it", "- saw: it\n- was: it"), 11, "unknown check"),
    "a check twice": (HEAD + STEP.replace("saw: it", "- saw: it\n- saw: it"), 11, "this step has the same check twice"),
    "a key twice": (HEAD + STEP.replace("saw: it", "saw: it\nsaw: that"), 11, "`saw` stands here twice"),
    "no solve": (HEAD + STEP.split("```sh solve")[0], 7, "a step with a check needs a `sh solve` block"),
    "no check": (HEAD + "\n## Read {#read}\n\nOnly text.\n", 7, "nothing checks this step"),
    "no step": (HEAD + "Only text.\n", 0, "a lesson needs at least one step: `## Title {#id}`"),
    "a solve above the steps": (HEAD + "```sh solve\nx\n```\n" + STEP, 6, "belong under a `##` heading"),
    "a solve in a hint": (HEAD + STEP + "````hint\n```sh solve\nx\n```\n````\n", 16, "a hint holds text and these"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_an_author_is_told_the_line_and_what_to_do(broken: str) -> None:
    text, line, message = BROKEN[broken]

    ((told_line, told),) = errors(text)

    assert told_line == line
    assert message in told


QUIZ = """```quiz
question: Why?
answers:
  - text: A
    right: true
    why: So.
  - text: B
    why: No.
```
"""


@pytest.mark.parametrize(
    ("quiz", "line", "message"),
    [
        (QUIZ.replace("    right: true\n", ""), 18, "no answer is right: give one of them `right: true`"),
        (QUIZ.replace("No.", "No.\n    right: true"), 18, "every answer is right: one that is not makes it a question"),
        (QUIZ.replace("    why: No.\n", ""), 22, "`why` is missing"),
        (
            QUIZ.replace("right: true", "right: true\n    rigth: true"),
            21,
            "unknown word `rigth`: did you mean `right`?",
        ),
    ],
)
def test_an_author_is_told_what_is_wrong_with_a_quiz(quiz: str, line: int, message: str) -> None:
    assert errors(HEAD + STEP + quiz) == [(line, message)]


def test_all_errors_of_a_file_come_at_once_in_the_order_of_their_lines() -> None:
    text = HEAD.replace("minutes: 5", "minutes: no") + STEP.replace("saw", "was") + "```hnit\nx\n```\n"

    assert [line for line, _ in errors(text)] == [4, 10, 16]


def test_windows_line_ends_are_the_same_lesson() -> None:
    assert lesson((HEAD + STEP).replace("\n", "\r\n")) == lesson(HEAD + STEP)


def test_a_file_too_long_for_a_lesson_is_not_read() -> None:
    with pytest.raises(BadLesson, match="longer than"):
        lesson(HEAD + STEP + "x" * 200_000)
