"""Ways out of a container, by what `docker create` is asked. The reader of the body alone: ../test_create.py; the same
bodies straight before an engine, which would do it: tests/engine/gateway/attacks/test_d_host.py."""

from typing import Any

import pytest

from playground.gateway.limits import MIB
from tests.unit.gateway.attacks.tries import is_refused, request, table, tried
from tests.unit.gateway.attacks.wishes import HOST_WISHES
from tests.unit.gateway.conftest import ADAS_WEB, BENS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine

CREATE = "POST /v1.41/containers/create?name=evil"


@pytest.mark.parametrize(
    ("wish", "statuses"), table(*(tried(attack, 403, *wishes) for attack, wishes in HOST_WISHES.items()))
)
async def test_a_wish_for_the_host_is_refused_with_its_reason(
    ada: Learner, upstream: RecordingEngine, wish: dict[str, Any], statuses: tuple[int, ...]
) -> None:
    answer = await is_refused(ada, upstream, request(CREATE, {"Image": "busybox"} | wish), statuses)
    assert "playground" in answer.message or "because" in answer.message or "here" in answer.message


CLAMPED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"OomScoreAdj": -1000}, {"OomScoreAdj": 500}),
    ({"CapDrop": ["NET_RAW"]}, {"CapDrop": ["ALL"]}),
    ({"Memory": 1 << 40, "MemorySwap": -1}, {"Memory": 256 * MIB, "MemorySwap": 256 * MIB}),
    ({"PidsLimit": -1}, {"PidsLimit": 64}),
    ({"NanoCpus": 64_000_000_000}, {"NanoCpus": 500_000_000}),
    ({"ShmSize": 1 << 40}, {"ShmSize": 8 * MIB}),
    (
        {"LogConfig": {"Type": "local", "Config": {}}},
        {"LogConfig": {"Type": "json-file", "Config": {"max-size": str(MIB), "max-file": "1"}}},
    ),
]  # fmt: skip


@pytest.mark.attack("limits raised at create")
@pytest.mark.parametrize(("asked", "given"), CLAMPED)
async def test_a_limit_goes_upstream_as_ours(
    ada: Learner, upstream: RecordingEngine, asked: dict[str, Any], given: dict[str, Any]
) -> None:
    assert (await ada.send(request(CREATE, {"Image": "busybox", "HostConfig": asked})))[0].status == 201
    assert upstream.seen[-1].body["HostConfig"].items() >= given.items()


@pytest.mark.attack("volumes of another's container")
@pytest.mark.parametrize("reference", [BENS_WEB, BENS_WEB[:12], "pg-ben-web", "ben/web", f"{BENS_WEB}:rw"])
async def test_anothers_volumes_are_not_borrowed(ada: Learner, upstream: RecordingEngine, reference: str) -> None:
    body = {"Image": "busybox", "HostConfig": {"VolumesFrom": [reference]}}
    await ada.send(request(CREATE, body))
    assert not [seen for seen in upstream.seen if seen.method == "POST"]
    upstream.seen.clear()
    name = reference.partition(":")[0]
    foreign = (await ada.send(request(CREATE, body)))[0]
    never = (await ada.send(request(CREATE, {"Image": "busybox", "HostConfig": {"VolumesFrom": ["nope"]}})))[0]
    assert (foreign.status, foreign.message.replace(name, "nope")) == (never.status, never.message)


@pytest.mark.attack("a working directory inside of the kernel")
@pytest.mark.parametrize("path", ["/proc/self/fd/8", "/proc/self/fd/../fd/8", "/tmp/../proc/1/root", "/sys/kernel"])
async def test_nothing_starts_inside_of_the_kernels_files(ada: Learner, upstream: RecordingEngine, path: str) -> None:
    await is_refused(ada, upstream, request(CREATE, {"Image": "busybox", "WorkingDir": path}), [403])
    asked = {"Cmd": ["id"], "WorkingDir": path}
    await is_refused(ada, upstream, request(f"POST /v1.41/containers/{ADAS_WEB}/exec", asked), [403])
