"""Networks of a learner's own: names resolve, and nothing else is reached (attacks F 93 to 96)."""

import json

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.gateway.limits import Limits
from tests.engine.gateway.learners import Learner


@pytest.fixture
def limits() -> Limits:
    return Limits(networks=2)


@pytest.fixture
async def ada_has_busybox(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")


@pytest.fixture
async def ben_has_busybox(ben: Learner) -> None:
    await ben.ok("pull", "-q", "busybox")


def serving(word: str) -> list[str]:
    return ["sh", "-c", f"echo {word} > /tmp/word; exec httpd -f -p 80 -h /tmp"]


async def address(learner: Learner, container: str, network: str = "bridge") -> str:
    form = f'{{{{(index .NetworkSettings.Networks "{network}").IPAddress}}}}'
    return await learner.ok("inspect", "-f", form, container)


async def fetch(learner: Learner, container: str, host: str, port: int = 80) -> str:
    """What `host` answers within two seconds, "" for nothing."""
    script = f'printf "GET /word HTTP/1.0\\r\\n\\r\\n" | nc -w 2 {host} {port}'
    return (await learner.docker("exec", container, "sh", "-c", script)).out


@pytest.mark.usefixtures("ada_has_busybox", "every_cli")
async def test_containers_on_one_network_find_each_other_by_name(ada: Learner) -> None:
    identity = await ada.ok("network", "create", "--label", "tier=front", "mine")
    await ada.ok("run", "-d", "--name", "web", "--network", "mine", "--network-alias", "www", "busybox", *serving("hi"))
    for host in ("web", "www"):
        assert "hi" in await ada.ok(
            "run", "--rm", "--network", "mine", "busybox", "wget", "-qO-", f"http://{host}/word"
        )
    await ada.ok("run", "-d", "--name", "other", "busybox", "sleep", "600")
    assert await fetch(ada, "other", await address(ada, "web", "mine")) == ""
    await ada.ok("network", "connect", "--alias", "me", "mine", "other")
    assert "hi" in await fetch(ada, "other", "web")
    assert "other" in json.dumps((found := json.loads(await ada.ok("network", "inspect", "mine")))[0]["Containers"])
    assert (found[0]["Id"], found[0]["Internal"], found[0]["Labels"]) == (identity, True, {"tier": "front"})
    await ada.ok("network", "disconnect", "mine", "other")
    assert await fetch(ada, "other", await address(ada, "web", "mine")) == ""
    assert "has active endpoints" in (await ada.docker("network", "rm", "mine")).err
    assert "is not connected" in (await ada.docker("network", "disconnect", "mine", "other")).err
    await ada.ok("rm", "-f", "web")
    assert await ada.ok("network", "rm", "mine") == "mine"
    assert (await ada.told("network create")).name == "mine"
    assert (await ada.told("network connect")).flags == {"container": "other"}
    assert ada.gateway.state(ada.seat).networks == ()


@pytest.mark.usefixtures("ada_has_busybox", "every_cli")
async def test_a_container_can_stand_on_its_default_network_on_none_or_in_anothers(ada: Learner) -> None:
    assert sorted((await ada.ok("network", "ls", "--format", "{{.Name}} {{.Driver}}")).splitlines()) == [
        "bridge bridge",
        "host host",
        "none null",
    ]
    await ada.ok("run", "-d", "--name", "web", "busybox", *serving("hi"))
    await ada.ok("run", "-d", "--name", "plain", "busybox", "sleep", "600")
    assert "hi" in await fetch(ada, "plain", await address(ada, "web"))
    assert "hi" in await ada.ok(
        "run", "--rm", "--network", "container:web", "busybox", "wget", "-qO-", "127.0.0.1/word"
    )
    assert await ada.ok("run", "--rm", "--network", "none", "busybox", "ls", "/sys/class/net") == "lo"
    assert await ada.ok("inspect", "-f", "{{.HostConfig.NetworkMode}} {{.NetworkSettings.IPAddress}}", "web") == (
        f"default {await address(ada, 'web')}"
    )
    assert "not found" in (await ada.docker("run", "--rm", "--network", "nope", "busybox", "true")).err


@pytest.mark.usefixtures("ada_has_busybox")
async def test_prune_takes_the_networks_that_nothing_runs_on(ada: Learner, ben: Learner) -> None:
    await ben.ok("network", "create", "mine")
    for name in ("used", "free"):
        await ada.ok("network", "create", name)
    assert "You have 2 networks" in (await ada.docker("network", "create", "third")).err
    assert "already exists" in (await ada.docker("network", "create", "used")).err
    await ada.ok("run", "-d", "--name", "web", "--network", "used", "busybox", "sleep", "600")
    assert await ada.ok("network", "prune", "-f") == "Deleted Networks:\nfree"
    assert ada.gateway.state(ada.seat).networks == ("used",)
    assert await ben.ok("network", "ls", "-q", "--filter", "type=custom") != ""


@pytest.mark.usefixtures("ada_has_busybox", "ben_has_busybox")
@pytest.mark.attack("another's network")
async def test_another_learners_containers_and_networks_are_not_there(ada: Learner, ben: Learner) -> None:
    bens = await ben.ok("network", "create", "bens")
    await ben.ok("run", "-d", "--name", "web", "--network", "bens", "busybox", *serving("bens"))
    await ben.ok("run", "-d", "--name", "plain", "busybox", *serving("bens"))
    await ada.ok("network", "create", "mine")
    await ada.ok("run", "-d", "--name", "spy", "--network", "mine", "busybox", "sleep", "600")
    await ada.ok("network", "connect", "bridge", "spy")
    hosts = [await address(ben, "web", "bens"), await address(ben, "plain"), "web", f"pg-{ben.seat}-web"]
    assert [await fetch(ada, "spy", host) for host in hosts] == [""] * 4
    for reference in ("bens", bens, bens[:12], f"pg-{ben.seat}-bens"):
        for words in (["inspect"], ["rm"], ["connect"], ["disconnect"]):
            more = ["spy"] if words[0].endswith("connect") else []
            ran = await ada.docker("network", *words, reference, *more)
            assert ran.code == 1
            assert f"network {reference} not found" in ran.err or ran.err == f"Error: No such network: {reference}\n"
    assert "No such container: plain" in (await ada.docker("network", "connect", "mine", "plain")).err
    assert "No such container" in (await ada.docker("run", "--network", "container:plain", "busybox")).err
    assert "bens" not in await ada.ok("network", "ls")


REFUSED = [
    ["--driver", "host"], ["--driver", "macvlan"], ["--driver", "overlay"], ["--opt", "parent=eth0"],
    ["--subnet", "192.0.2.0/24"], ["--opt", "com.docker.network.bridge.name=docker0"], ["--config-from", "bridge"],
    ["--ipv6"], ["--attachable"], ["--ipam-driver", "x"], ["--label", "playground.seat=x"],
]  # fmt: skip


@pytest.mark.usefixtures("every_cli")
@pytest.mark.attack("a network that reaches further")
async def test_a_network_that_reaches_further_is_refused(ada: Learner, engine: Engine) -> None:
    for words in REFUSED:
        ran = await ada.docker("network", "create", *words, "mine")
        assert ran.code != 0, words
    assert await engine.networks({labels.SEAT: ada.seat}) == []
