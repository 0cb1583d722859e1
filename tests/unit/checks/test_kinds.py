from typing import Any

import pytest

from playground.checks.kinds import Verdict, awaits_probes, evaluate, judge, parse
from playground.checks.seen import Seen
from playground.curriculum.errors import BadCheck, Problem
from playground.curriculum.model import Answer, Quiz
from tests.unit.checks.facts import call, container, having


def test_a_check_has_a_word_and_a_goal() -> None:
    check = parse({"did": "ps", "goal": "List what runs"})

    assert check.goal == "List what runs"
    assert check.asks == ""
    assert evaluate(check, Seen(facts=[call("ps")])) == Verdict(passed=True)


def test_the_key_stays_when_only_the_words_for_people_change() -> None:
    plain, told = (
        parse({"did": "ps"}),
        parse({"did": "ps", "goal": "G", "says": [{"when": {"did": "run"}, "text": "T"}]}),
    )

    assert plain.key == told.key
    assert plain.key != parse({"did": {"ps": {"flags": {"all": True}}}}).key


def test_the_first_near_miss_that_holds_speaks() -> None:
    check = parse(
        {
            "did": {"run": {"image": "busybox", "command": "echo *"}},
            "says": [
                {"when": {"did": {"run": {"image": "busybox", "command": ""}}}, "text": "Add a command."},
                {"when": {"did": "run"}, "text": "Another image."},
            ],
        }
    )

    assert evaluate(check, Seen()) == Verdict(passed=False)
    assert evaluate(check, Seen(facts=[call("run", image="busybox")])).says == "Add a command."
    assert evaluate(check, Seen(facts=[call("run", image="hello-world")])).says == "Another image."


def test_help_is_about_what_was_done_last() -> None:
    check = parse(
        {
            "did": {"run": "hello-world"},
            "says": [
                {"when": {"did": {"pull": {"ok": False}}}, "text": "No such image."},
                {"when": {"did": {"pull": "hello-world"}}, "text": "Now run it."},
            ],
        }
    )
    typo, pulled = call("pull", image="helloworld", status=404), call("pull", image="hello-world")

    assert evaluate(check, Seen(facts=[typo])).says == "No such image."
    assert evaluate(check, Seen(facts=[typo, pulled])).says == "Now run it."
    assert evaluate(check, Seen(facts=[pulled, typo])).says == "No such image."
    assert evaluate(check, Seen(facts=[pulled, typo, call("ps"), call("resize")])).says == "No such image."


def test_help_about_a_state_gives_way_by_its_place_alone() -> None:
    says = [
        {"when": {"did": {"run": {"flags": {"detach": False}}}}, "text": "Add --detach."},
        {"when": {"container": {"status": "running"}}, "text": "One is running."},
    ]
    check = parse({"container": {"status": "running", "at_least": 2}, "says": says})
    attached, detached = call("run"), call("run", flags={"detach": True})

    assert evaluate(check, Seen(facts=[attached], state=having(container()))).says == "Add --detach."
    assert evaluate(check, Seen(facts=[attached, detached], state=having(container()))).says == "One is running."
    assert evaluate(check, Seen(state=having(container()))).says == "One is running."


def test_a_passed_check_has_nothing_to_say() -> None:
    check = parse({"did": "run", "says": [{"when": {"did": "run"}, "text": "Never."}]})

    assert evaluate(check, Seen(facts=[call("run")])) == Verdict(passed=True)


def test_a_wrong_answer_is_told_so() -> None:
    check = parse({"answer": {"question": "Which?", "accept": ["127"], "otherwise": "Look again."}})

    assert evaluate(check, Seen(typed="1")) == Verdict(passed=False, says="Look again.")
    assert evaluate(check, Seen()) == Verdict(passed=False)


@pytest.mark.parametrize(
    ("spec", "path", "message"),
    [
        ("did", (), "a check is one of these words"),
        ({}, (), "this check asks for nothing"),
        ({"goal": "G"}, (), "this check asks for nothing"),
        ({"contianer": "web"}, (), "unknown check `contianer`: did you mean `container`?"),
        ({"did": "ps", "image": "busybox"}, (), "one check, one word: put `did` and `image` into an `all` or `any`"),
        ({"did": "rum"}, ("did", "rum"), "unknown action `rum`: did you mean `rm`?"),
        ({"did": {1: {}}}, ("did", 1), "unknown action `1`"),
        ({"did": {"ps": "web"}}, ("did", "ps"), "`ps` is about no one thing: write `did: ps`"),
        ({"did": ["ps"]}, ("did",), "`did` takes one action"),
        ({"did": {"run": {"imgae": "x"}}}, ("did", "run", "imgae"), "unknown word `imgae`: did you mean `image`?"),
        (
            {"did": {"run": {"exit_code": "0"}}},
            ("did", "run", "exit_code"),
            "`exit_code`: input should be a valid integer",
        ),
        (
            {"container": {"status": "runing"}},
            ("container", "status"),
            "`status.0`: input should be 'created', 'running'",
        ),
        ({"container": {"at_least": 0}}, ("container", "at_least"), "greater than or equal to 1"),
        ({"image": {}}, ("image", "name"), "`name` is missing"),
        ({"file": "note"}, ("file", "path"), "`path`: string should match pattern '^/'"),
        ({"all": {"did": "ps"}}, ("all",), "`all` takes a list of checks"),
        ({"all": [{"did": "ps"}, {"dit": "ps"}]}, ("all", 1, "dit"), "unknown check `dit`: did you mean `did`?"),
        ({"any": [{"answer": {"question": "Q", "accept": ["A"]}}]}, ("any",), "an `answer` is a check of its own"),
        ({"not": ["x"]}, ("not",), "a check is one of these words"),
        ({"did": "ps", "goal": 1}, ("goal",), "`goal` is one line of text"),
        ({"did": "ps", "says": "Try"}, ("says",), "`says` takes a list"),
        ({"did": "ps", "says": [{"when": {"did": "x"}}]}, ("says", 0), "one of `says` has two words"),
        ({"did": "ps", "says": [{"when": {"di": 1}, "text": "T"}]}, ("says", 0, "when", "di"), "unknown check `di`"),
    ],
)
def test_an_author_is_told_which_word_is_wrong(spec: Any, path: tuple[str | int, ...], message: str) -> None:
    with pytest.raises(BadCheck) as caught:
        parse(spec)

    problem = caught.value.problems[0]
    assert isinstance(problem, Problem)
    assert problem.path[: len(path)] == path
    assert message in problem.message


QUIZ = Quiz("k", "Which?", (Answer("A", True, "So."), Answer("B", False, "Not B."), Answer("C", True, "So too.")))


@pytest.mark.parametrize(
    ("chosen", "verdict"),
    [
        ([0, 2], Verdict(True, "So.")),
        ([0], Verdict(False, "")),
        ([0, 1, 2], Verdict(False, "Not B.")),
        ([], Verdict(False, "")),
        ([0, 2, 7, -1], Verdict(False, "")),
    ],
)
def test_a_quiz_wants_exactly_the_right_answers_and_says_why(chosen: list[int], verdict: Verdict) -> None:
    assert judge(QUIZ, chosen) == verdict


BY_HAND = {
    "all": [{"did": "version"}, {"file": "/answer"}],
    "says": [{"when": {"all": [{"did": "version"}, {"not": {"file": "/answer"}}]}, "text": "Keep the answer."}],
}


def test_nothing_is_probed_before_what_must_be_done_besides() -> None:
    check = parse(BY_HAND)

    assert not awaits_probes(check, Seen(facts=[call("ps")]))
    assert awaits_probes(check, Seen(facts=[call("version")]))


@pytest.mark.parametrize(
    "spec",
    [
        {"file": "/answer"},
        {"not": {"file": "/answer"}},
        {"any": [{"did": "ps"}, {"file": "/answer"}]},
        {"all": [{"did": "version"}, {"file": "/answer"}], "says": [{"when": {"file": "/a"}, "text": "Another name."}]},
    ],
)
def test_what_a_probe_alone_decides_is_probed_from_the_start(spec: Any) -> None:
    assert awaits_probes(parse(spec), Seen())
