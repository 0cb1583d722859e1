"""Ben's things on a real engine, while Ada tries all there is."""

import asyncio
import json
import platform
import random
import re

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.images import SEAT_REFERENCE
from tests.engine.gateway.attacks.conftest import Bens
from tests.engine.gateway.learners import Learner
from tests.unit.gateway.attacks.test_e_others import BODIES, FOREIGN, QUERIES
from tests.unit.gateway.attacks.test_no_trace import CALLS
from tests.unit.gateway.attacks.tries import exchange, query, request
from tests.unit.gateway.learner import Answered
from tests.unit.gateway.learner import Learner as Socket
from tests.unit.gateway.tars import tar

VERBS = [
    ["inspect"], ["logs"], ["exec"], ["stop"], ["rm", "-f"], ["top"], ["stats", "--no-stream"], ["diff"],
    ["commit"], ["rename"], ["update", "-m", "16m"], ["attach"], ["wait"], ["pause"], ["kill"], ["start"],
    ["restart"], ["port"], ["unpause"],
]  # fmt: skip


@pytest.mark.attack("another's thing by name, id and beginning of the id")
async def test_every_verb_on_anothers_container_says_that_there_is_none(ada: Learner, bens: Bens) -> None:
    await ada.ok("pull", "-q", "busybox")
    references = [bens.container, bens.container[:12], bens.container[:4], f"pg-{bens.learner.seat}-web"]
    for verb in VERBS:
        for reference in random.Random(str(verb)).sample(references, 2):
            more = ["true"] if verb[0] == "exec" else ["mine"] if verb[0] == "rename" else []
            words = ["exec"] if verb[0] == "exec" else verb
            ran = await ada.docker(*words, reference, *more)
            assert re.search(r"No such (container|object)", ran.err), ran.err
    for words in (["cp", f"{bens.container}:/d/word", "-"], ["run", "--volumes-from", bens.container, "busybox"]):
        assert "No such container" in (await ada.docker(*words)).err
    for reference in (bens.image, bens.image[7:19], f"{bens.secret}x:1", f"pg-{bens.learner.seat}/{bens.secret}x:1"):
        for words in (["run", reference], ["rmi", "-f", reference], ["tag", reference, "mine"], ["history", reference]):
            ran = await ada.docker(*words)
            assert ran.code != 0 or "No such image" in ran.err, words


@pytest.mark.attack("another's secrets in the events")
async def test_nothing_of_what_another_does_is_heard(ada: Learner, ben: Learner, bens: Bens) -> None:
    await ada.ok("pull", "-q", "busybox")
    async with ada.process("events") as listening:
        await ada.told("events")
        word = bens.secret
        await ben.ok("run", "--name", word, "-l", f"a={word}", "--network", "bens", "busybox", "true")
        await ben.ok("exec", "web", "echo", word)
        await ben.ok("network", "create", word)
        await ben.ok("volume", "create", f"{word}2")
        await ben.ok("tag", "busybox", f"{word}2:1")
        hog = await ben.docker("run", "--rm", "--name", f"{word}3", "-m", "8m", "busybox", "tail", "/dev/zero")
        assert hog.code == 137
        for words in (["rm", word], ["network", "rm", word], ["volume", "rm", f"{word}2"], ["rmi", f"{word}2:1"]):
            await ben.ok(*words)
        await ada.ok("run", "--rm", "--name", "last", "busybox", "true")
        assert listening.stdout is not None
        heard = b""
        while b"container destroy" not in heard:
            heard += await asyncio.wait_for(listening.stdout.readline(), 30)
    assert not [secret for secret in bens.words() if secret in heard.decode()]
    assert all("last" in line or "network" in line for line in heard.decode().splitlines())


@pytest.mark.attack("prunes")
async def test_every_prune_leaves_all_that_is_not_adas(ada: Learner, ben: Learner, bens: Bens, engine: Engine) -> None:
    images = await engine.images({labels.ROLE: labels.ROLE_IMAGE})
    await ben.ok("create", "--name", "idle", "busybox")
    idle = (await ben.ok("ps", "-aq", "--no-trunc", "--filter", "name=idle")).strip()
    await ada.ok("pull", "-q", "busybox")
    for words in (
        ["container", "prune", "-f"], ["image", "prune", "-af"], ["network", "prune", "-f"], ["volume", "prune", "-f"],
        ["system", "prune", "-af", "--volumes"], ["network", "prune", "-f", "--filter", "label!=x"],
        ["container", "prune", "-f", "--filter", "label!=playground.seat"], ["builder", "prune", "-f"],
    ):  # fmt: skip
        ran = await ada.docker(*words)
        assert not [secret for secret in bens.words() if secret in ran.out + ran.err]
    assert await ben.ok("ps", "-aq", "--no-trunc", "--filter", "name=idle") == idle
    await ben.ok("rm", "idle")
    assert {one["Id"] for one in images} <= {one["Id"] for one in await engine.images({})}


@pytest.mark.attack("the platform's own containers")
async def test_a_terminal_and_what_belongs_to_nobody_are_not_there(ada: Learner, engine: Engine, instance: str) -> None:
    marks = {labels.INSTANCE: instance, labels.SEAT: ada.seat, labels.ROLE: "terminal"}
    host = {"NetworkMode": "none"}
    terminal = await engine.create(
        f"pg-test-{ada.seat}", {"Image": SEAT_REFERENCE, "Cmd": ["sleep", "600"], "Labels": marks, "HostConfig": host}
    )
    await engine.start(terminal)
    try:
        assert await ada.ok("ps", "-aq") == ""
        for reference in (terminal, terminal[:12], f"pg-test-{ada.seat}"):
            for words in (["inspect"], ["rm", "-f"], ["exec"], ["logs"], ["kill"]):
                ran = await ada.docker(*words, reference, *(["true"] if words == ["exec"] else []))
                assert "No such" in ran.err, words
        assert (await engine.inspect(terminal))["State"]["Running"]
    finally:
        await engine.remove(terminal)


@pytest.mark.attack("counts and names of the machine")
async def test_nothing_of_the_machine_or_of_ben_stands_in_any_list(ada: Learner, bens: Bens, engine: Engine) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "-v", "data:/d", "busybox", "sleep", "600")
    said = [
        await ada.ok(*words)
        for words in (
            ["info"], ["version"], ["system", "df", "-v"], ["ps", "-a", "--no-trunc"], ["images", "-a", "--no-trunc"],
            ["network", "ls", "--no-trunc"], ["volume", "ls"], ["ps", "-a", "--filter", "label=playground.seat"],
            ["ps", "-a", "--filter", "name=."], ["inspect", "web"], ["volume", "inspect", "data"],
            ["network", "inspect", "bridge"], ["image", "inspect", "busybox"], ["history", "busybox"],
        )
    ]  # fmt: skip
    text = "\n".join(said)
    assert not [secret for secret in bens.words() if secret in text]
    assert not [path for path in ("/var/lib", "docker.sock", "playground.", "/run/", f"pg-{ada.seat}") if path in text]
    assert platform.release() not in text
    (info,) = [json.loads(await ada.ok("info", "--format", "{{json .}}"))]
    assert (info["Containers"], info["KernelVersion"], info["DockerRootDir"]) == (1, "", "")


@pytest.mark.attack("any sequence of calls")
@pytest.mark.parametrize("seed", range(3))
async def test_no_sequence_of_calls_shows_or_changes_anything_of_bens(ada: Learner, bens: Bens, seed: int) -> None:
    """Sixty calls drawn by lot from the whole table, each with a reference of Ada's, of Ben's, or of nobody's."""
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "own", "-v", "data:/d", "busybox", "sleep", "600")
    lot, theirs = random.Random(seed), [f"pg-{bens.learner.seat}-web", "web", "bens", "nope", "own", "data", "busybox"]
    by_kind = [reference for references in FOREIGN.values() for reference in references]
    typed = [*theirs, *by_kind, bens.container[:4]]
    for _ in range(60):
        route = lot.choice(CALLS)
        path = re.sub(r"\{\w+\}", lambda _: lot.choice(typed), route.path)
        verb = path.rpartition("/")[2]
        asked = QUERIES.get(verb, "stream=0&until=1&since=0" if route.stream == "long" else query(all="1"))
        body = tar(("Dockerfile", b"FROM web")) if route.body == "upload" else _body(verb, lot, typed)
        try:
            async with asyncio.timeout(2):
                answer = await exchange(
                    Socket(ada.socket), request(f"{route.method} {path}?{asked}", body), route.method
                )
        except TimeoutError:  # a wait for what runs on
            continue
        assert not _told(answer, bens), (route.path, path)


def _body(verb: str, lot: random.Random, typed: list[str]) -> object:
    if verb != "create":
        return BODIES.get(verb)
    host = {"NetworkMode": lot.choice(["none", *typed]), "VolumesFrom": lot.sample(typed, lot.randint(0, 1))}
    return {"Image": lot.choice(["busybox", *typed]), "Name": lot.choice(typed), "HostConfig": host}


def _told(answer: Answered, bens: Bens) -> list[str]:
    typed = (bens.learner.seat,)
    return [word for word in bens.words() if word not in typed and word in answer.data.decode("latin-1")]
