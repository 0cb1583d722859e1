"""What the checks hear of a learner's calls."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from playground.gateway import invocation
from playground.gateway.facts import Fact
from playground.gateway.server import Gateway
from tests.unit.gateway.attacks.tries import exchange, request
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine

RUN: dict[str, Any] = json.loads((Path(__file__).parent / "corpus" / "create-run-28.2.2.json").read_text())


class Process:
    """One CLI process as the gateway sees it: one kept connection. The test itself is the process of every other."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner

    async def __aenter__(self) -> "Process":
        self._connection = self._learner.connected()
        self._reader, self._writer = await self._connection.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._connection.__aexit__(*error)

    async def call(self, line: str, body: Any = None) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        self._writer.write(f"{line} HTTP/1.1\r\nHost: d\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), b":0")
        return json.loads(await self._reader.readexactly(int(length.partition(b":")[2])) or b"null")


async def told(facts: list[Fact], action: str) -> Fact:
    """The last fact of the action, which may be on its way."""
    async with asyncio.timeout(60):
        while not any(fact.action == action for fact in facts):  # noqa: ASYNC110
            await asyncio.sleep(0)
    return [fact for fact in facts if fact.action == action][-1]


async def test_a_create_and_a_start_by_one_process_are_a_run(ada: Learner, facts: list[Fact]) -> None:
    async with Process(ada) as cli:
        made = await cli.call("POST /containers/create?name=db", RUN)
        await cli.call(f"POST /containers/{made['Id']}/start")
    run = await told(facts, "run")
    assert (run.name, run.image, run.command, run.target, run.ok) == ("db", "busybox", ("true",), made["Id"], True)
    assert run.flags["rm"] is False
    assert [(fact.action, fact.part_of_run) for fact in facts] == [("create", True), ("run", False)]


async def test_what_a_run_pulls_by_itself_is_no_pull_of_the_learners(ada: Learner, facts: list[Fact]) -> None:
    async with Process(ada) as cli:
        await cli.call("POST /images/create?fromImage=busybox&tag=1")
        missing = await cli.call("POST /containers/create?name=db", RUN | {"Image": "alpine"})
        assert "No such image" in missing["message"]
        await cli.call("POST /images/create?fromImage=busybox&tag=latest")
    assert [(fact.image, fact.part_of_run) for fact in facts if fact.action == "pull"] == [
        ("busybox:1", False), ("busybox:latest", True),
    ]  # fmt: skip


async def test_a_run_of_an_image_that_nobody_has_is_told_as_refused(ada: Learner, facts: list[Fact]) -> None:
    async with Process(ada) as cli:
        await cli.call("POST /containers/create", RUN | {"Image": "helloworld"})
        await cli.call("GET /info")
        await cli.call("POST /images/create?fromImage=helloworld&tag=latest")
    run = await told(facts, "run")
    assert (run.image, run.ok) == ("helloworld:latest", False)
    assert [(fact.action, fact.part_of_run) for fact in facts] == [("create", True), ("run", False)]


async def test_what_a_run_does_about_an_image_that_it_lacks_is_not_the_learners(
    ada: Learner, facts: list[Fact]
) -> None:
    async with Process(ada) as cli:
        await cli.call("POST /containers/create?name=db", RUN | {"Image": "alpine"})
        await cli.call("GET /info")
        await cli.call("POST /images/create?fromImage=busybox&tag=latest")
    await told(facts, "pull")
    assert [(fact.action, fact.part_of_run) for fact in facts] == [("create", True), ("pull", True)]


async def test_an_update_is_told_in_the_words_of_the_command_line(ada: Learner, facts: list[Fact]) -> None:
    await ada.post(f"/containers/{ADAS_WEB}/update", {"Memory": 8 << 20, "NanoCpus": 500_000_000})
    assert (await told(facts, "update")).flags == {"memory": 8 << 20, "cpus": "0.5"}


async def test_a_create_alone_is_told_when_its_process_ends(ada: Learner, facts: list[Fact]) -> None:
    async with Process(ada) as cli:
        await cli.call("POST /containers/create?name=db", RUN)
        assert facts == []
    create = await told(facts, "create")
    assert (create.name, create.part_of_run) == ("db", False)


async def test_a_start_again_is_a_start(ada: Learner, facts: list[Fact]) -> None:
    await ada.post("/containers/web/start")
    assert (await told(facts, "start")).target == ADAS_WEB


async def test_an_inspect_that_an_exec_begins_with_is_not_told(ada: Learner, facts: list[Fact]) -> None:
    async with Process(ada) as cli:
        await cli.call("GET /containers/web/json")
        made = await cli.call("POST /containers/web/exec", {"Cmd": ["sh", "-c", "exit 3"], "Tty": True})
        await cli.call(f"POST /exec/{made['Id']}/start", {"Detach": True})
    told_of = await told(facts, "exec")
    assert (told_of.command, told_of.flags["tty"], told_of.flags["detach"]) == (("sh", "-c", "exit 3"), True, True)
    assert [fact.action for fact in facts] == ["exec"]


async def test_an_inspect_of_its_own_is_told(ada: Learner, facts: list[Fact]) -> None:
    await ada.get("/containers/web/json")
    assert (await told(facts, "inspect")).name == "web"


async def test_an_inspect_that_looks_among_other_things_next_is_one_command(ada: Learner, facts: list[Fact]) -> None:
    """`docker inspect NAME` asks for a container, and where there is none, for an image, a network and so on."""
    async with Process(ada) as cli:
        for kind in ("containers/web-9/json", "images/web-9/json", "networks/web-9"):
            assert "message" in await cli.call(f"GET /{kind}")
        await cli.call("GET /info")
        assert "message" in await cli.call("GET /plugins/web-9/json")
        assert facts == []
    assert "network" in (await told(facts, "inspect")).error
    async with Process(ada) as cli:
        await cli.call("GET /containers/busybox/json")
        await cli.call("GET /images/busybox/json")
    async with asyncio.timeout(60):
        while len(facts) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert [(fact.action, fact.ok) for fact in facts] == [("inspect", False), ("inspect", True)]


async def test_the_end_of_an_exec_is_told_with_its_exit_code(
    ada: Learner, facts: list[Fact], upstream: RecordingEngine
) -> None:
    made = await ada.post("/containers/web/exec", {"Cmd": ["false"]})
    marks = {"playground.seat": "ada", "execID": made.json["Id"], "exitCode": "1", "name": "pg-ada-web"}
    upstream.tell("container", "exec_die", ADAS_WEB, marks)
    ended = await told(facts, "exec_exit")
    assert (ended.command, ended.exit_code, ended.source) == (("false",), 1, "event")


async def test_a_label_that_looks_like_an_exit_code_is_a_label(
    ada: Learner, facts: list[Fact], upstream: RecordingEngine
) -> None:
    marks = {"playground.seat": "ada", "name": "pg-ada-web", "exitCode": "x", "execID": "y", "signal": "z"}
    for action in ("pause", "unpause", "oom", "exec_start: sh", "resize"):
        upstream.tell("container", action, ADAS_WEB, marks)
    upstream.tell("container", "die", ADAS_WEB, marks | {"exitCode": "3"})
    assert (await told(facts, "exit")).exit_code == 3
    assert [(fact.action, fact.exit_code) for fact in facts][:3] == [("pause", None), ("unpause", None), ("oom", None)]


@pytest.mark.parametrize("attributes", [{"exitCode": "abc"}, {"exitCode": "9" * 5000}, {"exitCode": ""}, {}])
async def test_an_event_that_a_label_has_made_unreadable_ends_nothing(
    ada: Learner, facts: list[Fact], upstream: RecordingEngine, attributes: dict[str, str]
) -> None:
    marks = {"playground.seat": "ada", "name": "pg-ada-web"}
    upstream.tell("container", "die", ADAS_WEB, marks | attributes)
    upstream.tell("container", "oom", ADAS_WEB, marks)
    assert (await told(facts, "oom")).name == "web"


@pytest.mark.parametrize(
    ("line", "action", "flags"),
    [
        ("GET /containers/json?all=1", "ps", {"all": True, "size": False, "filter": {}}),
        ("GET /containers/json", "ps", {"all": False, "size": False, "filter": {}}),
        ("GET /containers/json?size=1", "ps", {"all": False, "size": True, "filter": {}}),
        ("GET /containers/web/logs?stdout=1&follow=1&tail=5", "logs", {"follow": True, "timestamps": False, "tail": 5}),
        ("POST /containers/web/stop?t=3", "stop", {"time": 3}),
        ("POST /containers/web/kill?signal=INT", "kill", {"signal": "INT"}),
        ("POST /containers/web/rename?name=www", "rename", {"name": "www"}),
        ("DELETE /containers/web?force=1", "rm", {"force": True, "volumes": False}),
        ("POST /containers/prune", "prune", {"kind": "container"}),
        ("GET /containers/web/top", "top", {"options": ""}),
        ("GET /images/json", "images", {"all": False}),
    ],
)
async def test_a_fact_speaks_the_clis_words(
    ada: Learner, facts: list[Fact], line: str, action: str, flags: dict[str, object]
) -> None:
    await exchange(ada, request(line), line.partition(" ")[0])
    assert (await told(facts, action)).flags == flags


async def test_a_client_that_hangs_up_with_its_answer_in_hand_is_told_of(ada: Learner, facts: list[Fact]) -> None:
    async with ada.connected() as (reader, writer):
        writer.write(b"POST /containers/web/wait HTTP/1.1\r\nHost: d\r\n\r\n")
        await reader.readuntil(b'{"StatusCode": 0')
    assert (await told(facts, "wait")).exit_code == 0


async def test_a_refused_call_is_told_with_what_the_learner_read(ada: Learner, facts: list[Fact]) -> None:
    answer = await ada.post("/containers/create", RUN | {"HostConfig": {"Binds": ["/:/host"]}})
    fact = await told(facts, "create")
    assert (fact.ok, fact.status, fact.image, fact.error) == (False, 403, "busybox", answer.message)


async def test_a_ping_is_not_told(ada: Learner, facts: list[Fact]) -> None:
    await ada.get("/_ping")
    await ada.get("/images/json")
    assert [fact.action for fact in facts] == ["images"]


async def test_what_one_learner_does_is_told_of_that_seat(ben: Learner, facts: list[Fact], gateway: Gateway) -> None:
    await ben.post("/containers/web/stop")
    assert {fact.seat for fact in facts} == {"ben"}
    assert [fact.action for fact in facts] == ["exit", "stop"]  # the state is there when the stop is told


@pytest.fixture
def as_compose(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process is a `docker compose up -d`."""
    monkeypatch.setattr(invocation, "_compose", lambda key: ("up", "-d"))


@pytest.mark.usefixtures("as_compose")
async def test_all_that_a_compose_calls_is_one_command_which_is_told_at_its_end(
    ada: Learner, facts: list[Fact]
) -> None:
    async with Process(ada) as first, Process(ada) as second:
        await first.call("GET /networks/shop_default")
        made = await first.call("POST /containers/create?name=db", RUN)
        await second.call(f"POST /containers/{made['Id']}/start")
    done = await told(facts, "compose")
    assert (done.command, done.ok, done.error) == (("up", "-d"), True, "")
    assert [(fact.action, fact.part_of_compose) for fact in facts] == [
        ("inspect", True),
        ("create", True),
        ("run", True),
        ("compose", False),
    ]


@pytest.mark.usefixtures("as_compose")
async def test_a_compose_that_was_refused_something_says_what(ada: Learner, facts: list[Fact]) -> None:
    body = {**RUN, "HostConfig": {"Privileged": True}}
    async with Process(ada) as compose:
        await compose.call("POST /containers/create?name=db", body)
        await compose.call("GET /containers/json")
    done = await told(facts, "compose")
    assert (done.status, "--privileged" in done.error) == (403, True)


async def test_a_process_is_compose_by_its_command_line() -> None:
    script = ["-c", "read line", "--host", "unix:///x", "compose", "up", "-d"]
    for name, words in (("/usr/libexec/docker/cli-plugins/docker-compose", ("up", "-d")), ("sh", None)):
        process = await asyncio.create_subprocess_exec(
            name, *script, executable="/bin/sh", stdin=asyncio.subprocess.PIPE
        )
        assert invocation._compose((process.pid, 0)) == words
        await process.communicate(b"\n")
    assert invocation._compose((process.pid, 0)) is None
