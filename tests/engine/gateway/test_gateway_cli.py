"""The real CLI over the gateway: a container's life as the lessons go through it."""

import json

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from tests.engine.gateway.learners import Learner


@pytest.mark.usefixtures("every_cli")
async def test_the_first_run_finds_an_empty_store_and_pulls(ada: Learner) -> None:
    assert (await ada.ok("images", "-q")) == ""
    ran = await ada.docker("run", "hello-world")
    assert ran.code == 0
    assert "Unable to find image 'hello-world:latest' locally" in ran.err
    assert "Pulling from library/hello-world" in ran.err
    assert "Status: Downloaded newer image for hello-world:latest" in ran.err
    assert "Hello from Docker!" in ran.out
    assert (await ada.ok("images", "--format", "{{.Repository}}:{{.Tag}}")) == "hello-world:latest"
    run = await ada.told("run")
    assert (run.image, run.ok) == ("hello-world", True)
    assert (await ada.told("exit", "event")).exit_code == 0


@pytest.mark.usefixtures("every_cli")
async def test_two_learners_name_a_container_web_and_see_only_their_own(ada: Learner, ben: Learner) -> None:
    for learner in (ada, ben):
        await learner.ok("pull", "-q", "busybox")
        await learner.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    adas, bens = [await learner.ok("ps", "-q", "--no-trunc") for learner in (ada, ben)]
    assert adas != bens
    assert (await ada.ok("ps", "-a", "--format", "{{.Names}} {{.Image}}")) == "web busybox"
    for words in (["inspect"], ["logs"], ["rm", "-f"], ["stop"], ["top"], ["diff"], ["attach"], ["pause"], ["start"]):
        foreign, never = await ada.docker(*words, bens), await ada.docker(*words, "0" * 64)
        assert foreign.err.replace(bens, "0" * 64) == never.err
        assert foreign.code == never.code
    assert (await ben.ok("inspect", "-f", "{{.State.Status}}", "web")) == "running"


@pytest.mark.usefixtures("every_cli")
async def test_a_containers_life(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("create", "--name", "web", "busybox", "sleep", "600")
    state = ada.container("web")
    assert state is not None
    assert (state.status, state.started, state.command) == ("created", False, ("sleep", "600"))
    assert (await ada.ok("start", "web")) == "web"
    assert (await ada.ok("exec", "web", "echo", "hi")) == "hi"
    assert "sleep 600" in await ada.ok("top", "web")
    await ada.ok("exec", "web", "touch", "/new")
    assert "A /new" in (await ada.ok("diff", "web")).splitlines()
    assert "web" in await ada.ok("stats", "--no-stream", "web")
    await ada.ok("pause", "web")
    assert (await ada.ok("ps", "--filter", "status=paused", "--format", "{{.Names}}")) == "web"
    await ada.ok("unpause", "web")
    await ada.ok("rename", "web", "www")
    await ada.ok("restart", "-t", "0", "www")
    await ada.ok("stop", "-t", "0", "www")
    state = ada.container("www")
    assert state is not None
    assert (state.status, state.exit_code, state.started) == ("exited", 137, True)
    assert (await ada.ok("wait", "www")) == "137"
    assert (await ada.ok("rm", "www")) == "www"
    assert ada.container("www") is None
    actions = [fact.action for fact in ada.facts if fact.source == "call" and fact.ok]
    assert [action for action in actions if action != "inspect"] == [
        "pull", "create", "start", "exec", "top", "exec", "diff", "stats", "pause", "ps", "unpause", "rename",
        "restart", "stop", "wait", "rm",
    ]  # fmt: skip


@pytest.mark.usefixtures("every_cli")
async def test_a_run_passes_input_output_and_exit_code(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    assert await ada.docker("run", "--rm", "-i", "busybox", "cat", stdin=b"hi\n" * 5000) == (0, "hi\n" * 5000, "")
    assert await ada.docker("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 3") == (
        3,
        "out\n",
        "err\n",
    )
    missing = await ada.docker("run", "--rm", "busybox", "nosuch")
    assert (missing.code, "executable file not found in $PATH" in missing.err) == (127, True)
    assert (await ada.docker("run", "--rm", "busybox", "/etc")).code == 126
    assert await ada.ok("ps", "-aq") == ""


async def test_a_name_is_free_as_soon_as_its_container_is_gone(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    for _ in range(3):
        await ada.ok("run", "--rm", "--name", "once", "busybox", "true")


async def test_logs_and_the_end_of_them(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "--name", "talk", "busybox", "sh", "-c", "echo one; echo two; echo three")
    assert await ada.ok("logs", "talk") == "one\ntwo\nthree"
    assert await ada.ok("logs", "--tail", "1", "talk") == "three"
    assert (await ada.told("logs")).flags["tail"] == 1
    await ada.ok("logs", "-f", "talk")
    assert (await ada.told("logs")).flags["follow"]


async def test_an_exec_ends_with_its_own_exit_code(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    assert await ada.docker("exec", "-i", "web", "sh", "-c", "cat; exit 4", stdin=b"in") == (4, "in", "")
    ended = await ada.told("exec_exit", "event")
    assert (ended.command, ended.exit_code) == (("sh", "-c", "cat; exit 4"), 4)
    assert (await ada.docker("exec", "web", "nosuch")).code in (126, 127)
    assert (await ada.told("exec")).command == ("nosuch",)
    await ada.ok("kill", "-s", "KILL", "web")
    assert (await ada.told("kill")).flags == {"signal": "KILL"}
    assert "is not running" in (await ada.docker("exec", "web", "true")).err


async def test_a_prune_leaves_what_runs_and_what_is_bens(ada: Learner, ben: Learner) -> None:
    for learner in (ada, ben):
        await learner.ok("pull", "-q", "busybox")
        await learner.ok("run", "--name", "done", "busybox", "true")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    await ada.ok("run", "--name", "kept", "-l", "keep", "busybox", "true")
    assert "Total reclaimed space" in await ada.ok("container", "prune", "-f", "--filter", "label!=keep")
    assert sorted((await ada.ok("ps", "-a", "--format", "{{.Names}}")).split()) == ["kept", "web"]
    assert await ben.ok("ps", "-a", "--format", "{{.Names}}") == "done"
    await ada.ok("image", "prune", "-af")
    assert await ben.ok("images", "-q") != ""


async def test_lists_can_be_filtered(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    for name in ("one", "two", "three"):
        await ada.ok("create", "--name", name, "-l", f"n={name}", "busybox")

    async def names(*filters: str) -> list[str]:
        words = [word for one in filters for word in ("--filter", one)]
        return (await ada.ok("ps", "-a", "--format", "{{.Names}}", *words)).split()

    assert await names() == ["three", "two", "one"]
    assert await names("name=t") == ["three", "two"]
    assert await names("label=n=one") == ["one"]
    assert await names("ancestor=busybox", "status=created", "name=two") == ["two"]
    assert await names("before=two") == ["one"]
    assert await names("since=two") == ["three"]
    assert await ada.ok("ps", "-n", "1", "--format", "{{.Names}}") == "three"


async def test_images_are_the_learners_to_name_and_to_remove(ada: Learner, ben: Learner) -> None:
    for learner in (ada, ben):
        await learner.ok("pull", "-q", "busybox")
    await ada.ok("tag", "busybox", "localhost:5000/ada/tools:1")
    shown = await ada.ok("images", "--format", "{{.Repository}}:{{.Tag}}")
    assert sorted(shown.split()) == ["busybox:latest", "localhost:5000/ada/tools:1"]
    await ada.ok("tag", "busybox", "hello-world")  # a name of the catalogue means what she says, to her
    assert await ada.ok("run", "--rm", "hello-world", "echo", "mine") == "mine"
    assert "Hello from Docker!" in (await ben.docker("run", "--rm", "hello-world")).out
    identity = await ada.ok("images", "-q", "--no-trunc", "busybox")
    assert "multiple repositories" in (await ada.docker("rmi", identity)).err
    await ada.ok("create", "--name", "user", "busybox")
    await ada.ok("rmi", "hello-world", "localhost:5000/ada/tools:1")
    assert "is using its referenced image" in (await ada.docker("rmi", "busybox")).err
    await ada.ok("rm", "user")
    assert "Deleted: sha256:" in await ada.ok("rmi", "busybox")
    assert await ada.ok("images", "-q") == ""
    assert await ben.ok("run", "--rm", "busybox", "echo", "still") == "still"


async def test_an_image_can_be_looked_at(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    (found,) = json.loads(await ada.ok("image", "inspect", "busybox"))
    assert (found["RepoTags"], found["Os"]) == (["busybox:latest"], "linux")
    assert found["Id"][7:19] in await ada.ok("history", "busybox")
    assert "busybox" in await ada.ok("search", "shell")
    assert "busybox" in await ada.ok("system", "df", "-v")


async def test_what_is_not_in_the_catalogue_cannot_be_pulled(ada: Learner) -> None:
    ran = await ada.docker("pull", "no-such-image")
    assert ran.code == 1
    assert "pull access denied for no-such-image, not in the playground's catalogue: busybox, " in ran.err
    assert not (await ada.told("pull")).ok


async def test_a_listener_hears_of_the_learners_own_things_only(ada: Learner, ben: Learner) -> None:
    for learner in (ada, ben):
        await learner.ok("pull", "-q", "busybox")
    async with ada.process("events", "--format", "{{.Action}} {{.Actor.Attributes.name}}") as events:
        await ada.told("events")
        await ben.ok("run", "--rm", "--name", "web", "busybox", "true")
        await ada.ok("run", "--rm", "--name", "mine", "busybox", "true")
        assert events.stdout is not None
        heard = [(await events.stdout.readline()).decode().strip() for _ in range(7)]
    ends = ["die mine", "disconnect bridge", "destroy mine"]
    assert heard == ["create mine", "attach mine", "connect bridge", "start mine", *ends]


async def test_info_and_version_tell_of_the_seat_only(ada: Learner, ben: Learner) -> None:
    await ben.ok("pull", "-q", "busybox")
    await ben.ok("create", "busybox")
    info = json.loads(await ada.ok("info", "--format", "{{json .}}"))
    assert (info["Containers"], info["Images"], info["Name"]) == (0, 0, "playground")
    assert "API version:" in await ada.ok("version")


REFUSED = [
    (["run", "-v", "/:/host", "busybox"], "the host belongs to everyone; try a named volume"),
    (["run", "-v", "/var/run/docker.sock:/var/run/docker.sock", "busybox"], "may not mount the Docker socket"),
    (["run", "--mount", "type=bind,src=/,dst=/h", "busybox"], "the host belongs to everyone"),
    (["run", "--privileged", "busybox"], "a privileged container controls the whole machine"),
    (["run", "--network", "host", "busybox"], "the machine's own network"),
    (["run", "--pid", "host", "busybox"], "--pid is not available"),
    (["run", "--cap-add", "SYS_ADMIN", "busybox"], "--cap-add is not available"),
    (["run", "--device", "/dev/null", "busybox"], "may not use the machine's devices"),
    (["run", "--security-opt", "seccomp=unconfined", "busybox"], "--security-opt is not available"),
    (["run", "--security-opt", "systempaths=unconfined", "busybox"], "is not available"),
    (["run", "-w", "/proc/self/fd/8", "busybox"], "may not lie under /proc"),
    (["run", "--restart", "always", "busybox"], "try --restart on-failure:3"),
    (["run", "--label", "playground.seat=x", "busybox"], "belong to the playground"),
    (["run", "--network", "mine", "busybox"], "network mine not found"),
    (["run", "--network", "mine", "--ip", "172.17.0.9", "busybox"], "--ip is not available"),
    (["run", "-p", "53:53/udp", "busybox"], "publishes tcp ports only"),
    (["network", "create", "--driver", "macvlan", "mine"], "Only the driver bridge is available"),
    (["volume", "create", "-o", "device=/etc", "data"], "could name the files of the host"),
    (["login", "-u", "ada", "-p", "x"], "docker login is not available"),
    (["push", "busybox"], "docker push is not available"),
    (["swarm", "init"], "in this playground there is one engine only"),
]


@pytest.mark.usefixtures("every_cli")
async def test_what_is_refused_says_why_and_leaves_nothing(ada: Learner, engine: Engine) -> None:
    await ada.ok("pull", "-q", "busybox")
    for words, why in REFUSED:
        ran = await ada.docker(*words)
        assert ran.code != 0, words
        assert why in ran.err, (words, ran.err)
    assert ada.gateway.state(ada.seat).containers == ()
    assert await engine.containers({labels.SEAT: ada.seat}) == []
