from typing import Any

import pytest

from playground.checks.kinds import parse
from playground.checks.seen import Found, Probe, Seen
from playground.gateway.facts import Fact
from playground.gateway.state import ImageState
from tests.unit.checks.facts import BUSYBOX, SEAT, call, container, exit_of, having


def holds(spec: Any, *facts: Any, **seen: Any) -> bool:
    return parse(spec).word.holds(Seen(facts=facts, **seen))


RUN = call("run", image="busybox", command=("echo", "hello"), target="c1", name="web", flags={"detach": True})


# ── did ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spec", "held"),
    [
        ("run", True),
        ("ps", False),
        ({"run": "busybox"}, True),
        ({"run": "docker.io/library/busybox:latest"}, True),
        ({"run": "hello-world"}, False),
        ({"run": {"name": "web"}}, True),
        ({"run": {"name": "we?"}}, True),
        ({"run": {"name": "db"}}, False),
        ({"run": {"command": "echo *"}}, True),
        ({"run": {"command": "echo"}}, False),
        ({"run": {"command": ""}}, False),
        ({"run": {"flags": {"detach": True}}}, True),
        ({"run": {"flags": {"detach": False}}}, False),
        ({"run": {"flags": {"tty": False}}}, True),
        ({"run": {"ok": False}}, False),
        ({"run": {"at_least": 2}}, False),
    ],
)
def test_did_looks_at_what_the_learner_asked_for(spec: Any, held: bool) -> None:
    assert holds({"did": spec}, RUN) is held


def test_a_plain_word_after_the_action_names_an_image_or_a_container() -> None:
    assert holds({"did": {"pull": "busybox"}}, call("pull", image="busybox"))
    assert holds({"did": {"stop": "web"}}, call("stop", name="web"))


def test_a_refused_call_counts_only_where_the_check_wants_it_refused() -> None:
    refused = call("run", image="hello-world", status=404, command=("ls",))

    assert not holds({"did": {"run": "hello-world"}}, refused)
    assert holds({"did": {"run": {"image": "hello-world", "ok": False}}}, refused)


def test_what_compose_does_on_its_way_is_not_what_the_learner_did() -> None:
    on_the_way = [call("pull", image="busybox", part_of_compose=True), call("ps", part_of_compose=True)]
    up = call("compose", command=("up", "-d"))

    assert not holds({"did": "ps"}, *on_the_way, up)
    assert not holds({"did": {"pull": "busybox"}}, *on_the_way, up)
    assert holds({"did": "compose"}, *on_the_way, up)
    assert holds({"did": {"compose": "up *"}}, *on_the_way, up)
    assert not holds({"did": {"compose": "down*"}}, *on_the_way, up)


def test_a_service_has_containers_but_not_those_of_a_single_run() -> None:
    labels = {"com.docker.compose.service": "web", "com.docker.compose.oneoff": "False"}
    web = container("shop-web-1", labels=labels)
    once = container("shop-web-run-1", labels={**labels, "com.docker.compose.oneoff": "True"})

    assert holds({"container": {"service": "web", "status": "running"}}, state=having(web))
    assert not holds({"container": {"service": "web"}}, state=having(once, container("web")))
    assert not holds({"container": {"service": "web", "at_least": 2}}, state=having(web, once))


def test_doing_it_twice_takes_two_calls() -> None:
    assert holds({"did": {"run": {"at_least": 2}}}, RUN, RUN)


def test_an_event_of_the_engine_is_not_something_the_learner_did() -> None:
    event = Fact(seat=SEAT, action="pause", source="event", at=100)

    assert not holds({"did": "pause"}, event)
    assert holds({"did": "pause"}, event, call("pause"))


def test_the_create_inside_a_run_is_not_a_docker_create() -> None:
    assert not holds({"did": "create"}, call("create", image="busybox", part_of_run=True))
    assert holds({"did": "create"}, call("create", image="busybox"))


def test_only_what_was_done_since_the_step_came_to_hand_counts() -> None:
    assert not holds({"did": "run"}, RUN, call("ps"), since=1)


def test_an_image_named_by_its_id_is_the_image() -> None:
    run = call("run", image="b05b05")

    assert holds({"did": {"run": "busybox"}}, run, state=having(images=(BUSYBOX,)))
    assert not holds({"did": {"run": "busybox"}}, run)
    assert not holds({"did": {"run": "hello-world"}}, run, state=having(images=(BUSYBOX,)))


# ── did, with the exit code that came of it ──────────────────────────────────────────────────────────────────────


def test_a_run_is_known_by_the_exit_that_follows_it() -> None:
    check = {"did": {"run": {"exit_code": 0}}}

    assert not holds(check, RUN)
    assert holds(check, RUN, exit_of("c1", 0, at=101))
    assert not holds(check, RUN, exit_of("c1", 1, at=101))
    assert not holds(check, RUN, exit_of("c2", 0, at=101))


def test_an_exit_may_be_told_before_the_answer_to_its_run() -> None:
    assert holds({"did": {"run": {"exit_code": 0}}}, exit_of("c1", 0, at=99.0), RUN)


def test_a_second_start_does_not_inherit_the_exit_of_the_first_run() -> None:
    check = {"did": {"start": {"exit_code": 0}}}
    first = (RUN, exit_of("c1", 0, at=101))
    again = call("start", target="c1", at=102)

    assert not holds(check, *first, again)
    assert holds(check, *first, again, exit_of("c1", 0, at=103))
    assert holds(check, *first, exit_of("c1", 0, at=101.95), again)


def test_starting_what_runs_already_begins_nothing() -> None:
    needless = call("start", target="c1", at=105, status=304)

    assert holds({"did": {"run": {"exit_code": 0}}}, RUN, needless, exit_of("c1", 0, at=110))


def test_a_stop_is_known_by_the_exit_that_it_brought() -> None:
    check = {"did": {"stop": {"exit_code": 137}}}
    stop = call("stop", target="c1", at=120)

    assert holds(check, RUN, exit_of("c1", 137, at=119), stop)
    assert holds(check, RUN, stop, exit_of("c1", 137, at=120.01))
    assert not holds(check, RUN, exit_of("c1", 0, at=119), stop)


def test_stopping_what_had_ended_brings_no_exit() -> None:
    killed = (RUN, exit_of("c1", 137, at=119))
    needless = call("stop", target="c1", at=120, status=304)

    assert not holds({"did": {"stop": {"exit_code": 137}}}, *killed, needless)
    assert holds({"did": "stop"}, *killed, needless)


def test_a_stop_does_not_take_the_exit_of_an_earlier_run() -> None:
    killed = (RUN, exit_of("c1", 137, at=101))
    restarted = call("start", target="c1", at=105)
    stop = call("stop", target="c1", at=107)

    assert not holds({"did": {"stop": {"exit_code": 137}}}, *killed, restarted, stop, exit_of("c1", 0, at=107))


# ── What there is now ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spec", "held"),
    [
        ("web", True),
        ("db", False),
        ({}, True),
        ({"status": "running"}, True),
        ({"status": ["running", "paused"]}, True),
        ({"status": "exited"}, False),
        ({"image": "busybox:latest", "at_least": 2}, True),
        ({"at_least": 4}, False),
        ({"status": "exited", "exit_code": 137}, False),
        ({"name": "job", "exit_code": 137, "oom_killed": True}, True),
        ({"name": "job", "started": False}, False),
        ({"name": "w*", "command": "sleep *"}, True),
        ({"name": "web", "publishes": 8080}, True),
        ({"name": "web2", "publishes": 8080}, False),
        ({"publishes": 80}, False),
    ],
)
def test_container_looks_at_what_there_is(spec: Any, held: bool) -> None:
    state = having(
        container("web", command=("sleep", "1000"), started=True, ports=(22, 8080)),
        container("web2"),
        container("job", status="dead", exit_code=137, oom_killed=True, started=True),
    )

    assert holds({"container": spec}, state=state) is held


def test_images_networks_and_volumes_are_looked_up_by_name() -> None:
    state = having(images=(BUSYBOX,), networks=("blue", "green"), volumes=("data",))

    assert holds({"image": "busybox"}, state=state)
    assert not holds({"image": "hello-world"}, state=state)
    assert holds({"network": {"name": "*", "at_least": 2}}, state=state)
    assert not holds({"network": "red"}, state=state)
    assert holds({"volume": "data"}, state=state)


# ── Probes, answers, combinations ────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_read_in_the_seat() -> None:
    check = parse({"file": {"path": "/root/note", "contains": "hello"}})
    (probe,) = check.probes()

    assert probe == Probe(("cat", "/root/note"))
    assert check.word.holds(Seen(found={probe: Found(0, "oh\nhello there\n")}))
    assert not check.word.holds(Seen(found={probe: Found(0, "bye")}))
    assert not check.word.holds(Seen(found={probe: Found(1, "hello: no such file")}))


def test_a_shell_line_is_judged_by_its_exit_code_and_output() -> None:
    check = parse({"shell": {"run": "ls | wc -l", "output": "3"}})
    (probe,) = check.probes()

    assert probe == Probe(("sh", "-c", "ls | wc -l"))
    assert check.word.holds(Seen(found={probe: Found(0, "3\n")}))
    assert not check.word.holds(Seen(found={probe: Found(0, "13\n")}))


def test_an_answer_is_compared_without_regard_to_case_and_blanks() -> None:
    spec = {"answer": {"question": "Which?", "accept": ["exit code 127", "127"]}}

    assert parse(spec).asks == "Which?"
    assert holds(spec, typed=" Exit  code 127 ")
    assert not holds(spec, typed="1")
    assert not holds(spec)


def test_words_combine() -> None:
    ran, listed = {"did": "run"}, {"did": "ps"}

    assert not holds({"all": [ran, listed]}, RUN)
    assert holds({"all": [ran, listed]}, RUN, call("ps"))
    assert holds({"any": [ran, listed]}, RUN)
    assert not holds({"any": [ran, listed]})
    assert holds({"all": [ran, {"not": listed}]}, RUN)
    assert list(parse({"not": {"any": [{"file": "/a"}, {"shell": "x"}]}}).probes()) == [
        Probe(("cat", "/a")),
        Probe(("sh", "-c", "x")),
    ]


# ── Words about images, logs and keys ────────────────────────────────────────────────────────────────────────────

BASE = ImageState("sha256:b05b05", ("busybox:latest",), ("sh",), layers=("one",), size=1000)
MINE = ImageState("sha256:a11a11", ("mine:latest",), ("echo", "mine"), layers=("one", "two"), size=1100)


@pytest.mark.parametrize(
    ("spec", "held"),
    [
        ("mine", True),
        ({"name": "mine", "layers": 2}, True),
        ({"name": "mine", "layers": 1}, False),
        ({"name": "mine", "on": "busybox"}, True),
        ({"name": "busybox", "on": "mine"}, False),
        ({"name": "mine", "on": "nothing"}, False),
        ({"name": "mine", "command": "echo *"}, True),
        ({"name": "mine", "command": "sh"}, False),
        ({"name": "mine", "max_size": 1100}, True),
        ({"name": "mine", "max_size": 1099}, False),
    ],
)
def test_image_looks_at_layers_command_and_size(spec: Any, held: bool) -> None:
    assert holds({"image": spec}, state=having(images=(BASE, MINE))) is held


def test_an_image_of_which_nothing_is_known_has_no_layers_and_no_size() -> None:
    assert not holds({"image": {"name": "busybox", "max_size": 5000}}, state=having(images=(BUSYBOX,)))
    assert not holds({"image": {"name": "busybox", "on": "busybox"}}, state=having(images=(BUSYBOX,)))


def test_a_build_is_about_the_image_that_it_makes() -> None:
    build = call("build", name="mine:latest", flags={"tag": ["mine:latest"], "cached": True})

    assert holds({"did": {"build": "mine"}}, build)
    assert holds({"did": {"build": {"image": "mine:latest", "flags": {"cached": True}}}}, build)
    assert not holds({"did": {"build": "yours"}}, build)


def test_a_flag_may_be_a_pattern_and_of_several_values_one_fits() -> None:
    run = call("run", flags={"memory": 33554432, "env": ["COLOR=blue", "SIZE=2"], "rm": False})

    assert holds({"did": {"run": {"flags": {"memory": "*"}}}}, run)
    assert holds({"did": {"run": {"flags": {"memory": 33554432}}}}, run)
    assert holds({"did": {"run": {"flags": {"env": "SIZE=*"}}}}, run)
    assert not holds({"did": {"run": {"flags": {"env": "WEIGHT=*"}}}}, run)
    assert not holds({"did": {"run": {"flags": {"pids-limit": "*"}}}}, run)
    assert not holds({"did": {"run": {"flags": {"rm": "*"}}}}, run)


def test_leaving_a_container_by_its_keys_is_done_by_the_learner() -> None:
    detach = call("detach", name="box")

    assert holds({"did": {"detach": "box"}}, detach)
    assert not holds({"did": {"detach": "web"}}, detach)


def test_a_log_is_looked_at_without_the_learner() -> None:
    check = parse({"log": {"container": "web", "contains": "ready"}})
    (probe,) = check.probes()

    assert probe == Probe(log_of="web")
    assert check.word.holds(Seen(found={probe: Found(0, "starting\nready for you\n")}))
    assert not check.word.holds(Seen(found={probe: Found(0, "starting")}))
    assert not check.word.holds(Seen(found={probe: Found(1, "")}))


def test_a_container_may_have_to_have_a_terminal() -> None:
    state = having(container("box", tty=True, open_stdin=True))

    assert holds({"container": {"name": "box", "tty": True, "interactive": True}}, state=state)
    assert not holds({"container": {"name": "box", "tty": False}}, state=state)
