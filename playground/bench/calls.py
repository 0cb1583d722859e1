"""What small calls cost, on one connection that stays open, as a CLI's does. Straight asks for the same containers."""

import asyncio
import http.client
import json
import socket
from typing import Any
from urllib.parse import quote

from playground.bench.docker import docker
from playground.bench.figures import Row, at_most_more
from playground.bench.stage import Stage
from playground.bench.tabs import BrowserTab, now
from playground.engine import labels

CONTAINERS = 3
BATCHES, BATCH = 12, 50
AIM = 1.0  # milliseconds


class Caller(http.client.HTTPConnection):
    """A client of a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("docker")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)

    def get(self, target: str) -> bytes:
        self.request("GET", target)
        answer = self.getresponse()
        body = answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"GET {target}: {answer.status} {body[:200]!r}")
        return body


async def small_calls(stage: Stage) -> list[Row]:
    """One client, one call after the other; batches of ours and of the engine's take turns."""
    async with await BrowserTab.open(stage, await stage.join()) as tab:
        await tab.until_prompt()
    gateway = str(stage.socket(tab.seat))
    for number in range(CONTAINERS):
        await docker(gateway, "run", "-d", "--name", f"web-{number}", "busybox", "sleep", "600")
    rows = await asyncio.to_thread(_measure, gateway, stage.client.socket_path, tab.seat)
    await docker(gateway, "rm", "-f", *(f"web-{number}" for number in range(CONTAINERS)))
    return rows


def _measure(gateway: str, engine_socket: str, seat: str) -> list[Row]:
    ours, straight = Caller(gateway), Caller(engine_socket)
    mine = quote(json.dumps({"label": [f"{labels.SEAT}={seat}", f"{labels.ROLE}={labels.ROLE_LEARNER}"]}))
    found: list[dict[str, Any]] = json.loads(ours.get("/v1.41/containers/json"))
    one = f"/v1.41/containers/{found[0]['Id']}/json"
    rows = [
        *_compare("ping", (ours, "/_ping"), (straight, "/_ping")),
        *_compare("ps", (ours, "/v1.41/containers/json"), (straight, f"/v1.41/containers/json?filters={mine}")),
        *_compare("inspect", (ours, one), (straight, one)),
    ]
    ours.close()
    straight.close()
    return rows


def _compare(what: str, ours: tuple[Caller, str], straight: tuple[Caller, str]) -> list[Row]:
    time, rate = Row(f"docker {what}, the call", "ms"), Row(f"docker {what}, calls", "1/s")
    for _ in range(BATCHES):
        for (caller, target), times, rates in (
            (ours, time.ours, rate.ours),
            (straight, time.straight, rate.straight),
        ):
            took = [_timed(caller, target) for _ in range(BATCH)]
            times += took
            rates.append(1000 * BATCH / sum(took))
    time.aim = at_most_more(time, AIM)
    return [time, rate]


def _timed(caller: Caller, target: str) -> float:
    began = now()
    caller.get(target)
    return now() - began
