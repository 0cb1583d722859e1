"""The engine's control calls, for the playground's own needs: the only module that imports docker-py.

docker-py blocks, so it runs on a few threads of its own and never on the loop. What streams (exec, pull, wait) goes
through EngineClient, where a timeout really ends the call.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import docker
import docker.errors
import requests.exceptions

from playground.engine import execs, pulls
from playground.engine.client import EngineClient
from playground.engine.errors import Conflict, EngineError, EngineGone, NotFound, error_for
from playground.engine.execs import Ran
from playground.engine.info import EngineInfo

THREADS = 4  # two or three starts at once are as fast as eight
T = TypeVar("T")
Object = dict[str, Any]  # an object as the engine describes it


class Engine:
    """One engine. `labels` everywhere means: all of these labels with these values; "" asks for the label alone."""

    def __init__(self, socket_path: str) -> None:
        self.socket_path = socket_path
        self.client = EngineClient(socket_path)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="engine")
        self._connecting = asyncio.Lock()
        self._docker: docker.APIClient | None = None

    def close(self) -> None:
        """Calls under way still end."""
        self._threads.shutdown(wait=True)
        if self._docker is not None:
            self._docker.close()

    # ── The engine itself ────────────────────────────────────────────────────────────────────────────────────────
    async def info(self) -> EngineInfo:
        version = await self.version()
        return EngineInfo.of(version, await self._call(lambda api: api.info()))

    async def version(self) -> Object:
        return await self._call(lambda api: api.version())

    # ── Containers ───────────────────────────────────────────────────────────────────────────────────────────────
    async def create(self, name: str, spec: Mapping[str, Any]) -> str:
        """Create a container from the body of the engine's own `POST /containers/create`; returns its full id.

        Raises Conflict when the name is taken, NotFound when the image is not there.
        """
        answer = await self._call(
            lambda api: api.create_container_from_config(dict(spec), name)  # type: ignore[no-untyped-call]
        )
        return str(answer["Id"])

    async def start(self, container: str) -> None:
        """A running container stays as it is."""
        await self._call(lambda api: api.start(container))

    async def stop(self, container: str, timeout: int = 10) -> None:
        """SIGTERM, and SIGKILL after `timeout` seconds. A stopped container stays as it is."""
        await self._call(lambda api: api.stop(container, timeout))

    async def kill(self, container: str, signal: str = "KILL") -> None:
        """Raises Conflict when the container does not run."""
        await self._call(lambda api: api.kill(container, signal))

    async def remove(self, container: str) -> None:
        """Kill and remove a container and its anonymous volumes. One that is gone, or going, is success."""
        await self._remove(lambda api: api.remove_container(container, v=True, force=True))

    async def inspect(self, container: str) -> Object:
        return await self._call(lambda api: api.inspect_container(container))

    async def containers(self, labels: Mapping[str, str]) -> list[Object]:
        """Running and stopped."""
        return await self._call(lambda api: api.containers(all=True, filters=_label_filter(labels)))

    async def logs(self, container: str, tail: int = 100) -> bytes:
        """The last lines of output and error together."""
        return await self._call(lambda api: api.logs(container, tail=tail))

    async def wait(self, container: str, timeout: float) -> int:
        """The exit code, as soon as the container does not run; raises TimeoutError."""
        client = await self._negotiated()
        async with (
            asyncio.timeout(timeout),
            await client.request("POST", f"/containers/{container}/wait") as reply,
        ):
            return int((await (await reply.raise_for_status()).json())["StatusCode"])

    async def exec(
        self,
        container: str,
        argv: Sequence[str],
        *,
        stdin: bytes = b"",
        timeout: float = 10.0,
        limit: int = 64 * 1024,
    ) -> Ran:
        """Run a command in a container (execs.py): exit code 124 and a killed command when the time is up."""
        client = await self._negotiated()
        return await execs.run(client, container, argv, stdin=stdin, timeout=timeout, limit=limit)

    async def copy_out(self, image: str, path: str, to: Path) -> None:
        """Write the directory or file `path` of an image, as a tar, to the file `to`."""
        container = await self.create("", {"Image": image, "Cmd": ["true"], "NetworkDisabled": True})
        try:
            await self._call(lambda api: _write_archive(api, container, path, to))
        finally:
            await self.remove(container)

    # ── Images ───────────────────────────────────────────────────────────────────────────────────────────────────
    async def images(self, labels: Mapping[str, str]) -> list[Object]:
        return await self._call(lambda api: api.images(filters=_label_filter(labels)))

    async def inspect_image(self, image: str) -> Object:
        return await self._call(lambda api: api.inspect_image(image))  # type: ignore[no-untyped-call]

    async def tag(self, image: str, reference: str) -> None:
        """`reference` is `repository:tag`; it moves when it was another image's."""
        repository, tag = reference.rsplit(":", 1)
        await self._call(lambda api: api.tag(image, repository, tag))

    async def remove_image(self, reference: str) -> None:
        """Untag, and remove what has no tag left. Raises Conflict while a container uses the image."""
        await self._remove(lambda api: api.remove_image(reference))

    async def load(self, archive: Path) -> None:
        """Take in an image archive as `docker save` writes it."""
        await self._call(lambda api: _load(api, archive))

    async def pull(self, reference: str, timeout: float) -> None:
        """Pull from the registry; raises EngineError when that is refused and TimeoutError when it takes too long."""
        await pulls.pull(await self._negotiated(), reference, timeout)

    # ── Networks and volumes ─────────────────────────────────────────────────────────────────────────────────────
    async def networks(self, labels: Mapping[str, str]) -> list[Object]:
        return await self._call(lambda api: api.networks(filters=_label_filter(labels)))

    async def volumes(self, labels: Mapping[str, str]) -> list[Object]:
        answer = await self._call(lambda api: api.volumes(filters=_label_filter(labels)))
        return list(answer["Volumes"] or [])

    async def remove_network(self, network: str) -> None:
        await self._remove(lambda api: api.remove_network(network))

    async def remove_volume(self, volume: str) -> None:
        await self._remove(lambda api: api.remove_volume(volume))

    # ── How a call is made ───────────────────────────────────────────────────────────────────────────────────────
    async def _remove(self, call: Callable[[docker.APIClient], object]) -> None:
        try:
            await self._call(call)
        except NotFound:
            return
        except Conflict as error:
            if "already in progress" not in str(error):
                raise

    async def _call(self, call: Callable[[docker.APIClient], T]) -> T:
        api = self._docker or await self._connect()
        return await self._off_loop(call, api)

    async def _connect(self) -> docker.APIClient:
        async with self._connecting:
            if self._docker is None:
                version = (await self.client.negotiate()) and self.client.api_version
                url = f"unix://{self.socket_path}"
                self._docker = await self._off_loop(docker.APIClient, url, version)
            return self._docker

    async def _negotiated(self) -> EngineClient:
        if self._docker is None:
            await self._connect()
        return self.client

    async def _off_loop(self, function: Callable[..., T], *arguments: object) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _translated, function, *arguments)


def _translated(function: Callable[..., T], *arguments: object) -> T:
    """Call, with docker-py's and requests' exceptions told as this room's own."""
    try:
        return function(*arguments)
    except docker.errors.APIError as error:
        raise error_for(error.status_code or 0, error.explanation or str(error)) from error
    except requests.exceptions.RequestException as error:
        raise EngineGone("the engine does not answer") from error
    except docker.errors.DockerException as error:
        raise EngineError(str(error)) from error


def _label_filter(labels: Mapping[str, str]) -> dict[str, list[str]]:
    return {"label": [f"{name}={value}" if value else name for name, value in labels.items()]}


def _load(api: docker.APIClient, archive: Path) -> None:
    with archive.open("rb") as file:
        for line in api.load_image(file, quiet=True):  # type: ignore[no-untyped-call]
            if "error" in line:
                raise EngineError(str(line["error"]))


def _write_archive(api: docker.APIClient, container: str, path: str, to: Path) -> None:
    chunks, _ = api.get_archive(container, path)
    with to.open("wb") as file:
        file.writelines(chunks)
