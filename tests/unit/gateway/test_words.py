"""Signals, detach keys, ps options, error texts: small grammars with an allow-list each (attacks H 128, 134)."""

import pytest

from playground.gateway.policy.errors import Refused
from playground.gateway.policy.keys import check_detach_keys
from playground.gateway.policy.messages import UNKNOWN, learners_text
from playground.gateway.policy.signals import check_signal, signal_name
from playground.gateway.policy.top import check_ps_args


@pytest.mark.parametrize(("text", "number"), [("KILL", "9"), ("SIGTERM", "15"), ("sigint", "2"), ("9", "9"), ("", "")])
def test_a_signal_becomes_its_number(text: str, number: str) -> None:
    assert check_signal(text) == number


@pytest.mark.parametrize("text", ["NOPE", "0", "-9", "999", "9;ls", "SIGSIGKILL", "\u0669"])
def test_what_is_no_signal_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="Invalid signal"):
        check_signal(text)


def test_a_fact_names_the_signal() -> None:
    assert signal_name("15") == "TERM"


@pytest.mark.parametrize("keys", ["", "ctrl-p,ctrl-q", "a", "ctrl-@", "ctrl-["])
def test_detach_keys_as_the_cli_sends_them_pass(keys: str) -> None:
    assert check_detach_keys(keys) == keys


@pytest.mark.parametrize("keys", ["\x1b[", "ctrl-", "ctrl-p,", "a" * 10_000, "ctrl-p ctrl-q", ",".join("a" * 9)])
def test_other_detach_keys_are_refused(keys: str) -> None:
    with pytest.raises(Refused, match="Invalid detach keys"):
        check_detach_keys(keys)


@pytest.mark.parametrize(
    ("asked", "sent"),
    [("", ""), ("aux", "aux"), ("-ef", "-ef"), ("-o pid,comm", "-eo pid,comm"), ("-eo user,args", "-eo pid,user,args")],
)
def test_docker_top_takes_the_usual_options(asked: str, sent: str) -> None:
    assert check_ps_args(asked) == sent


@pytest.mark.parametrize(
    "asked",
    [
        "-eo uid=PID,pid,args",
        "aux e",
        "--pid 1",
        "-C dockerd",
        "$(id)",
        "-o pid,environ",
        "-o pid,cgroup",
        "aux; id",
        "e",
    ],
)
def test_docker_top_does_not_show_the_host(asked: str) -> None:
    with pytest.raises(Refused, match="docker top shows fixed columns"):
        check_ps_args(asked)


@pytest.mark.parametrize(
    ("engine", "learner"),
    [
        ("Container 0123456789ab is not running", "Container 0123456789ab is not running"),
        (
            "You cannot remove a running container /pg-ada-web. Stop the container before attempting removal or force "
            "remove",
            "You cannot remove a running container /web. Stop the container before attempting removal or force remove",
        ),
        ("Cannot kill container: 0123456789ab: Container 0123456789ab is not running",) * 2,
        (
            'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "nope": '
            "executable file not found in $PATH: unknown",
            'failed to start the container\'s process: exec: "nope": executable file not found in $PATH: unknown',
        ),
        (
            "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create "
            'failed: unable to start container process: exec: "/a": permission denied: unknown',
        )
        * 2,
        ("container 0123456789ab is not running",) * 2,
        ("cannot resize a stopped container: unknown",) * 2,
        (
            'cannot remove container "/pg-ada-web": container is paused and must be unpaused first',
            'cannot remove container "/web": container is paused and must be unpaused first',
        ),
    ],
)
def test_an_error_that_a_learner_can_use_is_told_in_their_own_names(engine: str, learner: str) -> None:
    assert learners_text(engine, "pg-ada-") == learner


def test_an_error_names_a_container_as_the_learner_did() -> None:
    said = "Cannot kill container: 0123456789ab: Container 0123456789ab is not running"
    assert learners_text(said, "pg-ada-", "web") == "Cannot kill container: web: Container 0123456789ab is not running"
    said = "Container 0123456789ab is paused, unpause the container before exec"
    assert learners_text(said, "pg-ada-", "web") == "Container web is paused, unpause the container before exec"


@pytest.mark.parametrize(
    "engine",
    [
        "open /var/lib/docker/containers/abc/hostname: no such file or directory",
        'Conflict. The container name "/pg-ben-web" is already in use by container "0123456789ab"',
        "Container pg-ben-web is not running\nand /var/lib/docker",
        "driver failed programming external connectivity on endpoint pg-ben-web",
    ],
)
def test_an_error_that_could_tell_of_the_host_or_of_others_is_not_told(engine: str) -> None:
    assert learners_text(engine, "pg-ada-") == UNKNOWN
