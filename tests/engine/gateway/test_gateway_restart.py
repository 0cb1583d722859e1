"""What a seat owns outlives the gateway, and ends with the seat."""

from pathlib import Path

from playground.engine import labels
from playground.engine.api import Engine
from playground.gateway.server import Gateway
from playground.seats.cgroups import Budgets
from tests.engine.gateway.learners import Learner


async def test_a_new_gateway_knows_what_every_seat_owns(
    ada: Learner,
    ben: Learner,
    gateway: Gateway,
    successor: Gateway,
    budgets: Budgets,
    folder: Path,
) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "--label", "tier=front", "busybox", "sleep", "600")
    assert (await ada.docker("run", "--name", "done", "busybox", "sh", "-c", "exit 3")).code == 3
    await ada.ok("tag", "busybox", "mine:1")
    await ada.ok("network", "create", "--label", "tier=front", "mine")
    await ada.ok("create", "--rm", "--name", "db", "--network", "mine", "-v", "data:/d", "-v", "/e", "busybox")
    before = gateway.state(ada.seat)
    await gateway.stop()
    await successor.start()
    for learner in (ada, ben):
        await successor.open(learner.seat, folder / learner.seat, budgets.parent(learner.seat))
    assert successor.state(ada.seat) == before
    assert successor.state(ben.seat).containers == ()
    assert await ada.ok("ps", "-a", "--format", "{{.Names}} {{.Image}}") == "db busybox\ndone busybox\nweb busybox"
    assert await ada.ok("network", "ls", "--filter", "label=tier", "--format", "{{.Name}}") == "mine"
    assert await ada.ok("ps", "-a", "--filter", "volume=data", "--format", "{{.Names}}") == "db"
    await ada.ok("start", "-a", "db")
    assert await ada.ok("volume", "ls", "-q") == "data"  # the one without a name went with its container
    assert await ada.ok("exec", "web", "echo", "still") == "still"
    assert await ben.ok("ps", "-aq") == ""


async def test_a_cleared_seat_leaves_nothing(ada: Learner, ben: Learner, gateway: Gateway, engine: Engine) -> None:
    for learner in (ada, ben):
        await learner.ok("pull", "-q", "busybox")
        await learner.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
        await learner.ok("create", "--name", "other", "busybox")
    await gateway.clear(ada.seat)
    await gateway.clear(ada.seat)
    assert await engine.containers({labels.SEAT: ada.seat}) == []
    tags = [tag for image in await engine.images({}) for tag in image["RepoTags"] or []]
    assert [tag for tag in tags if tag.startswith(labels.owned_repository(ada.seat))] == []
    assert gateway.state(ada.seat).containers == ()
    assert await ada.ok("ps", "-aq") == await ada.ok("images", "-q") == ""
    assert len((await ben.ok("ps", "-aq")).split()) == 2
