"""Real messages, and what is left of them."""

import pytest

from playground.checks.phrases import LONGEST, cut, phrase, phrase_of
from playground.gateway.facts import Fact
from playground.gateway.policy import errors

ID = "4f5e" * 16
MESSAGES = (
    ("run", errors.name_conflict("ben-web", ID).message, "name is already in use"),
    ("rename", 'Error when allocating new name: Conflict. The container name "/ben" is already in use.',
     "name is already in use"),
    ("stop", errors.no_such_container("ben").message, "no such container"),
    ("run", errors.no_such_image("ben:latest").message, "no such image"),
    ("network rm", errors.no_such_network("ben").message, "no such network"),
    ("volume rm", errors.no_such_volume("ben").message, "no such volume"),
    ("inspect", errors.no_such_volume("ben").message, "no such object"),
    ("inspect", errors.no_such_container("ben").message, "no such container"),
    ("run", "pull access denied for ben, not in the playground's catalogue: busybox, nginx. Try one of these.",
     "pull access denied: no such image in the catalogue"),
    ("pull", "manifest for busybox:ben not found: the playground's catalogue has busybox.", "no such tag"),
    ("run", "invalid reference format", "invalid reference format"),
    ("run", "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create "
     'failed: unable to start container process: exec: "ben": executable file not found in $PATH: unknown',
     "executable file not found"),
    ("run", "driver failed programming external connectivity on endpoint ben (4f5e): Bind for 0.0.0.0:8080 failed: "
     "port is already allocated", "port is already allocated"),
    ("run", "invalid port specification: 'ben'", "invalid port"),
    ("exec", f"container {ID} is not running", "container is not running"),
    ("exec", "Container ben is paused, unpause the container before exec", "container is paused"),
    ("kill", f"cannot kill container: ben: container {ID} is not running", "container is not running"),
    ("pause", "Container ben is already paused", "container is already paused"),
    ("unpause", "Container ben is not paused", "container is not paused"),
    ("rm", 'cannot remove container "/ben": container is running: stop the container before removing or force remove',
     "container is running"),
    ("rm", f"You cannot remove a running container {ID}. Stop the container before attempting removal or force remove",
     "container is running"),
    ("rmi", 'conflict: unable to remove repository reference "ben" (must force) - container 4f5e4f5e4f5e is using its '
     "referenced image 4f5e4f5e4f5e", "image is used by a container"),
    ("rmi", "conflict: unable to delete 4f5e4f5e4f5e (must be forced) - image is being used by stopped container 4f5e",
     "image is used by a container"),
    ("rmi", "conflict: unable to delete 4f5e4f5e4f5e (must be forced) - image is referenced in multiple repositories",
     "image has several names"),
    ("volume rm", f"remove ben: volume is in use - [{ID}]", "volume is in use"),
    ("network create", "network with name ben already exists", "network already exists"),
    ("network rm", "bridge is a pre-defined network and cannot be removed", "a predefined network stays as it is"),
    ("cp", "Could not find the file /ben in container web", "no such file in the container"),
    ("build", "dockerfile parse error line 2: unknown instruction: BEN", "Dockerfile: unknown instruction"),
    ("build", "The command '/bin/sh -c echo No such container: ben' returned a non-zero code: 1",
     "build: a command failed"),
    ("build", "COPY failed: file not found in build context or excluded by .dockerignore: stat ben.py: file does not "
     "exist", "COPY: file not found"),
    ("build", "Cannot locate specified Dockerfile: ben", "no Dockerfile there"),
    ("run", "You have 20 containers, which is as many as fit here. Remove some first: docker ps -a shows them.",
     "the budget is used up"),
    ("run", "--privileged is not available in this playground: it would open the whole machine.",
     "--privileged is not available"),
    ("build", "--add-host is not available for builds in this playground: there is no network.",
     "--add-host is not available"),
    ("push", "docker push is not available in this playground: nothing leaves it.", "docker push is not available"),
    # What nobody has thought of says the command alone, however much the message says.
    ("run", "--ben-was-here is not available in this playground: it is not known here.", "docker run is not available"),
    ("network connect", "ben's very own error about ben", "docker network connect was refused"),
    ("b" * 40, "ben", "a docker command was refused"),
    ("run", "The playground's engine could not do this.", "docker run was refused"),
)  # fmt: skip


@pytest.mark.parametrize(("action", "message", "said"), MESSAGES)
def test_an_error_is_said_in_words_that_are_equal_for_everybody(action: str, message: str, said: str) -> None:
    assert phrase(message, action) == said


@pytest.mark.attack("another learner's words on the roster")
@pytest.mark.parametrize(("action", "message", "_said"), MESSAGES)
def test_no_word_of_anybodys_is_in_it(action: str, message: str, _said: str) -> None:
    said = phrase(message, action)
    assert "ben" not in said.lower()
    assert "4f5e" not in said
    assert len(said) <= LONGEST


def refused(**known: object) -> Fact:
    values = {"seat": "a", "action": "run", "source": "call", "at": 0.0, "status": 409, "error": "No such container: x"}
    return Fact(**{**values, **known})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "known",
    [{"status": 200}, {"status": 503}, {"source": "event"}, {"part_of_run": True}, {"part_of_compose": True},
     {"action": "resize"}, {"error": ""}],
)  # fmt: skip
def test_what_was_not_refused_or_is_no_doing_of_the_learners_is_nothing(known: dict[str, object]) -> None:
    assert phrase_of(refused()) == "no such container"
    assert phrase_of(refused(**known)) == ""


def test_an_authors_sentence_is_cut_to_a_line_that_fits() -> None:
    assert cut(" Try\n it ") == "Try it"
    assert len(cut("word " * 100)) <= LONGEST
