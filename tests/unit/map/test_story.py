"""How commands are told; the facts are the test's own, in the order in which the gateway publishes them."""

from dataclasses import replace
from typing import Any

from playground.gateway.facts import Fact
from playground.map.story import MOST_STEPS, REMEMBERED, Moment, Story

WEB, DB = "a" * 64, "b" * 64


def call(action: str, **about: Any) -> Fact:
    said: dict[str, Any] = {"seat": "ada", "at": 100.0} | about
    return Fact(action=action, source="call", **said)


def event(action: str, **about: Any) -> Fact:
    said: dict[str, Any] = {"seat": "ada", "at": 100.0} | about
    return Fact(action=action, source="event", **said)


def run(**about: Any) -> list[Fact]:
    """A `docker run` of an image that is not here."""
    made = {"target": WEB, "name": "web", "image": "hello-world"} | about
    return [
        call("create", image="hello-world", status=404, error="No such image: hello-world:latest"),
        call("pull", image="hello-world:latest", target="sha256:" + "c" * 64, part_of_run=True),
        call("create", part_of_run=True, **made),
        call("attach", part_of_run=True, **made),
        call("wait", part_of_run=True, **made),
        call("run", **made),
    ]


def told(*facts: Fact) -> list[Moment]:
    story = Story()
    for fact in facts:
        story.take(fact)
    return list(story.news().moments)


def words(moment: Moment) -> list[str]:
    return [step.word for step in moment.steps]


def test_a_run_goes_to_the_hub_and_back() -> None:
    [moment] = told(*run())
    assert [(step.at, step.word) for step in moment.steps] == [
        ("client", "asks"),
        ("daemon", "takes"),
        ("image", "missing"),
        ("hub", "fetched"),
        ("image", "kept"),
        ("container", "created"),
        ("container", "started"),
        ("client", "output"),
    ]
    assert (moment.command, moment.done, moment.ok) == ("docker run hello-world", True, True)
    assert [step.about for step in moment.steps[4:6]] == ["hello-world:latest", WEB[:12]]


def test_what_is_here_is_not_fetched_and_a_detached_run_answers_with_its_id() -> None:
    _, _, *rest = run(flags={"detach": True, "name": "web"}, command=("sleep", "9"))
    [moment] = told(*rest)
    assert words(moment) == ["asks", "takes", "here", "created", "started", "answers"]
    assert moment.command == "docker run -d --name web hello-world sleep 9"


def test_a_run_grows_and_is_done_with_its_start() -> None:
    story = Story()
    seen = []
    for fact in run():
        story.take(fact)
        seen += [(moment.number, len(moment.steps), moment.done) for moment in story.news().moments]
    assert seen == [(1, 3, False), (1, 5, False), (1, 6, False), (1, 8, True)]


def test_a_create_that_pulls_is_one_moment_too() -> None:
    lacks, pull, create, *_ = run()
    [moment] = told(lacks, pull, replace(create, part_of_run=False))
    assert words(moment) == ["asks", "takes", "missing", "fetched", "kept", "created", "answers"]
    assert (moment.command, moment.done) == ("docker create hello-world", True)


def test_an_exit_that_overtakes_the_start_is_told_after_it() -> None:
    *begun, start = run()
    [moment] = told(*begun, event("exit", target=WEB, name="web", exit_code=3), start)
    assert words(moment)[-3:] == ["started", "output", "ended"]
    assert moment.steps[-1].values["code"] == "3"


def test_an_event_that_overtakes_its_call_becomes_part_of_it() -> None:
    story = Story()
    story.take(event("exit", target=WEB, name="web", exit_code=137))
    [early] = story.news().moments
    story.take(call("stop", target=WEB, name="web", at=100.5))
    news = story.news()
    assert news.gone == (early.number,)
    assert [words(moment) for moment in news.moments] == [["asks", "takes", "stopped", "ended", "answers"]]


def test_an_event_of_the_next_command_is_no_part_of_the_last_one() -> None:
    gone = {"target": WEB, "name": "web"}
    ran, removed = told(
        *run(flags={"detach": True}), event("exit", **gone), event("remove", **gone), call("rm", **gone)
    )
    assert words(ran)[-1] == "answers"
    assert words(removed) == ["asks", "takes", "ended", "removed", "answers"]


def test_a_run_with_rm_ends_with_the_removal() -> None:
    gone = {"target": WEB, "name": "web"}
    [moment] = told(*run(flags={"rm": True}), event("exit", exit_code=0, **gone), event("remove", **gone))
    assert words(moment)[-3:] == ["output", "ended", "removed"]


def test_what_a_forced_removal_does_is_told_once() -> None:
    gone = {"target": WEB, "name": "web"}
    [moment] = told(event("exit", **gone), event("remove", **gone), call("rm", flags={"force": True}, **gone))
    assert words(moment) == ["asks", "takes", "ended", "removed", "answers"]
    assert moment.command == "docker rm -f web"


def test_a_prune_takes_in_what_it_removed() -> None:
    [moment] = told(
        event("remove", target=WEB, name="web"),
        event("remove", target=DB, name="db"),
        call("prune", flags={"kind": "container"}),
    )
    assert words(moment) == ["asks", "takes", "pruned", "removed", "removed", "answers"]
    assert moment.command == "docker container prune"


def test_what_happens_by_itself_is_a_moment_of_its_own() -> None:
    _, _, later = told(*run(), call("ps"), event("exit", target=WEB, name="web", exit_code=0, at=900.0))
    assert (words(later), later.command) == (["ended"], "")


def test_an_image_that_nobody_has_is_refused_with_the_engines_words() -> None:
    asked = {"image": "nosuch", "status": 404}
    lacks = call("create", error="No such image: nosuch:latest", **asked)
    [moment] = told(lacks, call("run", error="pull access denied for nosuch,\nnot here", **asked))
    assert words(moment) == ["asks", "takes", "missing", "lacked", "refused"]
    assert not moment.ok
    assert moment.steps[-1].values["error"] == "pull access denied for nosuch, not here"


def test_a_refused_call_goes_no_further_than_the_engine() -> None:
    [moment] = told(call("rm", name="web", target=WEB, status=409, error="it runs"))
    assert words(moment) == ["asks", "takes", "refused"]


def test_looking_changes_nothing_and_is_told() -> None:
    [moment] = told(call("ps", flags={"all": True}))
    assert (words(moment), moment.command) == (["asks", "takes", "looks", "answers"], "docker ps -a")


def test_compose_is_one_moment_however_much_it_does() -> None:
    calls = [
        call("create", target=f"{at:02}" * 32, name=f"a{at}", image="busybox", part_of_compose=True) for at in range(60)
    ]
    [moment] = told(call("ps", part_of_compose=True), *calls, call("compose", command=("up", "-d")))
    assert (moment.command, moment.done, len(moment.steps)) == ("docker compose up -d", True, MOST_STEPS)


def test_no_more_than_the_last_moments_are_kept_and_what_they_say_is_bounded() -> None:
    moments = told(*(call("exec", name="n" * 500, command=("x" * 5000,)) for _ in range(REMEMBERED + 5)))
    assert (len(moments), moments[-1].number) == (REMEMBERED, REMEMBERED + 5)
    assert len(moments[-1].command) <= 160
    assert all(len(value) <= 240 for step in moments[-1].steps for value in step.values.values())
