"""What the seats' engine tests look at: the groups on the machine, the logs on the engine."""

from pathlib import Path

from playground.engine import labels
from playground.engine.api import Engine
from playground.seats import budget


async def remove_containers(engine: Engine, instance: str) -> None:
    for container in await engine.containers({labels.INSTANCE: instance}):
        await engine.remove(container["Id"])


def groups_of(instance: str) -> list[Path]:
    """Every group of the instance, in every hierarchy, and its own level."""
    return [path for path in Path(budget.MOUNT).glob(f"**/{budget.ROOT}/{instance}/**") if path.is_dir()]


def limit_of(instance: str, seat: str, file: str) -> int:
    [path] = Path(budget.MOUNT).glob(f"**/{budget.ROOT}/{instance}/{seat}/{file}")
    return int(path.read_text())


async def said(engine: Engine, container: str, text: bytes) -> None:
    """Follow the container's log until `text` stands in it."""
    query = {"follow": "1", "stdout": "1", "stderr": "1"}
    log = b""
    async with await engine.client.request("GET", f"/containers/{container}/logs", query=query) as reply:
        async for chunk in reply.chunks():
            log += chunk
            if text in log:
                return
    raise AssertionError(f"{text!r} does not stand in {log!r}")
