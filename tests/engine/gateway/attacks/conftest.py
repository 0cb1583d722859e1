"""What an attack is held against on a real engine: Ben's things, and the bare engine without the gateway."""

import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from tests.engine.gateway.learners import Learner


@dataclass
class Bens:
    """What Ben has, each with a word in it that nobody else knows."""

    secret: str
    container: str
    image: str
    network: str
    learner: Learner
    engine: Engine

    async def look(self) -> str:
        """All of it, as the engine has it now."""
        mine = {labels.SEAT: self.learner.seat}
        inspected = await self.engine.inspect(self.container)
        kept: list[Any] = [inspected["State"]["StartedAt"], inspected["Name"], inspected["RestartCount"]]
        kept += [inspected["State"]["Status"], inspected["Config"]["Labels"], inspected["HostConfig"]["Memory"]]
        kept += sorted(inspected["NetworkSettings"]["Networks"])
        kept += sorted(one["Id"] for one in await self.engine.containers(mine))
        kept += sorted(one["Id"] for one in await self.engine.networks(mine))
        kept += sorted(one["Name"] for one in await self.engine.volumes(mine))
        kept += [(await self.engine.inspect_image(self.image))["RepoTags"]]
        word = await self.learner.ok("exec", "web", "cat", "/d/word")
        return json.dumps([*kept, word])

    def words(self) -> list[str]:
        """None of them is ever known to Ada, who could then have typed it."""
        return [self.secret, self.container, self.container[:12], self.image[7:], self.network, self.learner.seat]


@pytest.fixture
async def bens(ben: Learner, engine: Engine) -> AsyncIterator[Bens]:
    secret = f"word{secrets.token_hex(6)}"
    await ben.ok("pull", "-q", "busybox")
    await ben.ok("run", "--rm", "busybox", "true")  # his default network is there from now on
    network = await ben.ok("network", "create", "bens")
    script = f"echo {secret} > /d/word; exec sleep 600"
    container = await ben.ok(
        "run", "-d", "--name", "web", "-v", f"{secret}:/d", "-l", f"secret={secret}", "-e", f"SECRET={secret}",
        "--network", "bens", "busybox", "sh", "-c", script,
    )  # fmt: skip
    image = await ben.ok("commit", "web", f"{secret}:1")
    found = Bens(secret, container, image, network, ben, engine)
    before = await found.look()
    yield found
    assert await found.look() == before
