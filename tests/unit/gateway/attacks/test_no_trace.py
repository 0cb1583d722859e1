"""Whatever Ada does, nobody can tell from it whether Ben is there.

The same calls are made in two worlds, one of which Ben has never entered. What Ada is answered and what the engine
hears of her must be the same in both, to the byte; and of Ben's things nothing may change. That is more than to look
for his names in the answers: a count, a status or another order would tell as well.
"""

import asyncio
import copy
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage
from playground.gateway.catalogue import Catalogue
from playground.gateway.limits import Limits
from playground.gateway.policy.routes import ROUTES, Route
from playground.gateway.server import Gateway
from tests.unit.gateway.attacks.conftest import BENS_IMAGE
from tests.unit.gateway.attacks.tries import exchange, query, request
from tests.unit.gateway.conftest import ADAS_NET, ADAS_WEB, BENS_NET, BENS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import IMAGE_ID, RecordingEngine
from tests.unit.gateway.tars import tar


class World:
    def __init__(self, with_ben: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.engine = RecordingEngine(self.folder / "engine.sock")
        self.ada = Learner(self.folder / "docker.sock")
        catalogue = Catalogue([CatalogueImage("busybox:latest", IMAGE_ID, "A shell")])
        self.gateway = Gateway(EngineClient(str(self.engine.path)), catalogue, Limits(), "test")
        self.with_ben = with_ben

    async def open(self) -> None:
        await self.engine.start()
        seats = ("ada", "ben") if self.with_ben else ("ada",)
        for seat, container, network in zip(seats, (ADAS_WEB, BENS_WEB), (ADAS_NET, BENS_NET), strict=False):
            self.engine.own(seat, "web", container, secret=f"of {seat}")
            self.engine.own_network(seat, f"{seat}s", network)
            self.engine.own_volume(seat, f"{seat}s")
        images: list[dict[str, Any]] = [{"Id": IMAGE_ID, "RepoTags": [f"pg-{seat}/busybox:latest" for seat in seats]}]
        marks = {"playground.instance": "test", "playground.seat": "ben", "playground.role": "built"}
        if self.with_ben:
            images.append({"Id": BENS_IMAGE, "RepoTags": ["pg-ben/secret:1"], "Labels": marks, "Size": 7})
        self.engine.answers["GET /images/json"] = (200, images)
        await self.gateway.start()
        await self.gateway.open("ada", self.folder, "/playground/ada")
        await self.engine.followed.wait()
        self.engine.seen.clear()

    async def close(self) -> None:
        await self.gateway.stop()
        await self.engine.stop()
        shutil.rmtree(self.folder)

    def bens(self) -> Any:
        kept = [self.engine.containers.get(BENS_WEB), self.engine.networks.get(BENS_NET)]
        return copy.deepcopy([*kept, self.engine.volumes.get("pg-ben-bens")])


NAMES = st.sampled_from(["web", "db", "adas", "bens", "new", "pg-ben-web", "bridge"])
REFERENCES = NAMES | st.sampled_from(
    [ADAS_WEB, ADAS_WEB[:6], BENS_WEB, BENS_WEB[:12], "a", "ab", f"{1:064x}", f"{2:064x}", ADAS_NET, BENS_NET, "1b",
     "busybox", "busybox:latest", "pg-ben/busybox", "secret:1", "pg-ben/secret:1", BENS_IMAGE, BENS_IMAGE[7:19], "mine",
     "e" * 64, "nope"]
)  # fmt: skip
TEXTS = REFERENCES | st.sampled_from(["1", "0", "true", "label", "aux", "10", "/srv", "LABEL a=b", "next-exit", "TERM"])
FILTERS = st.dictionaries(
    st.sampled_from(["label", "label!", "name", "id", "status", "dangling", "reference", "ancestor", "volume"]),
    st.lists(REFERENCES | st.sampled_from(["playground.seat=ben", "secret", "true", "running"]), max_size=2),
    max_size=2,
)  # fmt: skip
HOSTS = st.fixed_dictionaries(
    {},
    optional={
        "NetworkMode": st.sampled_from(["none", "default", "host"])
        | REFERENCES
        | REFERENCES.map("container:{}".format),
        "Binds": st.lists(NAMES.map("{}:/d".format), max_size=1),
        "VolumesFrom": st.lists(REFERENCES, max_size=1),
        "Privileged": st.booleans(),
    },
)
BODIES: dict[str, st.SearchStrategy[Any]] = {
    "containers.create": st.fixed_dictionaries(
        {"Image": REFERENCES | st.just("busybox")}, optional={"HostConfig": HOSTS}
    ),
    "networks.create": st.fixed_dictionaries({"Name": NAMES}),
    "volumes.create": st.fixed_dictionaries({"Name": NAMES}),
    "networks.connect": st.fixed_dictionaries({"Container": REFERENCES}),
    "networks.disconnect": st.fixed_dictionaries({"Container": REFERENCES}),
    "execs.create": st.just({"Cmd": ["id"]}),
    "execs.start": st.just({"Detach": True}),
    "lifecycle.update": st.just({"Memory": 16 << 20}),
    "archives.put": st.just(tar(("a", b"x"))),
    "build.build": REFERENCES.map(
        lambda base: tar(("Dockerfile", f"FROM {base}\nRUN id\nCOPY --from={base} /a /b".encode()))
    ),
}
ENDLESS = ("events.events", "streams.attach")  # the one is asked with an end, the other has tests of its own
CALLS = [route for route in ROUTES if route.decision != "deny" and route.handler not in ENDLESS]
SHAPED = {"filters": FILTERS.map(json.dumps), "name": NAMES, "repo": NAMES, "tag": st.just("1"), "remote": st.just("")}
MOMENTS = re.compile(rb'("(?:SystemTime|time|timeNano)": ?)("[^"]*"|[0-9]+)')


class NobodyCanTell(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.worlds = World(with_ben=True), World(with_ben=False)
        for world in self.worlds:
            self.runner.run(world.open())
        self.before = self.worlds[0].bens()

    def teardown(self) -> None:
        for world in self.worlds:
            self.runner.run(world.close())
        self.runner.close()

    @rule(route=st.sampled_from(CALLS), reference=REFERENCES, data=st.data())
    def any_call(self, route: Route, reference: str, data: st.DataObject) -> None:
        path = re.sub(r"\{\w+\}", lambda _: reference, route.path)
        keys = data.draw(st.sets(st.sampled_from(sorted(route.query | route.lists)))) if route.query else set()
        keys |= {"name"} & route.query  # else the gateway would choose one
        asked = {key: data.draw(SHAPED.get(key, TEXTS), label=key) for key in sorted(keys)}
        body = data.draw(BODIES.get(route.handler, st.none()), label="body")
        self.both(request(f"{route.method} {path}?{query(**asked)}", body), route.method)

    @rule(filters=FILTERS)
    def what_happened(self, filters: dict[str, list[str]]) -> None:
        self.both(request("GET /events?" + query(since="0", until="1", filters=json.dumps(filters))), "GET")

    def both(self, data: bytes, method: str) -> None:
        with_ben, without = (self.runner.run(said(world, data, method)) for world in self.worlds)
        assert with_ben == without
        heard = [[(seen.line, seen.query, seen.body) for seen in world.engine.seen] for world in self.worlds]
        assert [without_chance(one) for one in heard[0]] == [without_chance(one) for one in heard[1]]

    @invariant()
    def bens_things_are_as_they_were(self) -> None:
        assert self.worlds[0].bens() == self.before


async def said(world: World, data: bytes, method: str) -> tuple[int, bytes]:
    answer = await exchange(world.ada, data, method)
    return answer.status, MOMENTS.sub(rb"\1", answer.data)


def without_chance(heard: tuple[str, dict[str, str], Any]) -> str:
    """Names of steps and unnamed volumes are drawn by lot."""
    return re.sub(r"build-[0-9a-f]+|[0-9a-f]{64}", "", repr(heard))


@pytest.mark.attack("any sequence of calls")
def test_nobody_can_tell_from_anything_whether_ben_is_there() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        NobodyCanTell,
        settings=settings(
            max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
