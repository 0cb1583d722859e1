"""An engine's socket that records what reaches it and answers as Docker Engine 20.10 does, so that a test can say
exactly which bytes a learner's call sends upstream, or that it sends none."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import h11

IMAGE_ID = "sha256:" + "b" * 64
MADE_IMAGE_ID = "sha256:" + "d" * 64
QUIET = ("/version", "/events")  # what the gateway asks for itself, all the time


@dataclass
class Seen:
    method: str
    path: str  # with the version
    query: dict[str, str]
    body: Any  # parsed, None where there was none; an archive's bytes
    upgrade: bool

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class RecordingEngine:
    path: Path
    version: str = "20.10.24+dfsg1"
    seen: list[Seen] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)  # by "METHOD /path", instead of the usual ones
    held: dict[str, asyncio.Event] = field(default_factory=dict)  # by "METHOD /path", until set nothing is done
    headers: dict[str, str] = field(default_factory=dict)  # of every answer
    raw: list[bytes] = field(default_factory=list)  # what came on handed-over streams
    containers: dict[str, dict[str, Any]] = field(default_factory=dict)
    listening: asyncio.Event = field(default_factory=asyncio.Event)  # cleared: it takes no input of streams
    networks: dict[str, dict[str, Any]] = field(default_factory=dict)  # by id
    volumes: dict[str, dict[str, Any]] = field(default_factory=dict)  # by name
    followed: asyncio.Event = field(default_factory=asyncio.Event)  # the gateway hears of what happens
    _made: int = 0
    _listeners: list[asyncio.StreamWriter] = field(default_factory=list)

    async def start(self) -> None:
        self.listening.set()
        self._server = await asyncio.start_unix_server(self._serve, self.path)

    async def stop(self) -> None:
        self._server.close()
        for writer in self._listeners:
            writer.close()

    def lines(self) -> list[str]:
        return [seen.line for seen in self.seen]

    def own(self, seat: str, name: str, identity: str, **labels: str) -> str:
        """A container of a seat that exists before the gateway starts."""
        marks = {"playground.instance": "test", "playground.seat": seat, "playground.role": "learner"}
        self.containers[identity] = _container(identity, f"pg-{seat}-{name}", marks | labels)
        return identity

    def own_network(self, seat: str, name: str, identity: str) -> None:
        marks = {"playground.instance": "test", "playground.seat": seat, "playground.role": "learner"}
        self._add_network(identity, {"Name": f"pg-{seat}-{name}", "Labels": marks})

    def own_volume(self, seat: str, name: str) -> None:
        marks = {"playground.instance": "test", "playground.seat": seat, "playground.role": "learner"}
        self._add_volume({"Name": f"pg-{seat}-{name}", "Labels": marks})

    # ── The wire ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        seen = await self._read(connection, reader)
        if seen is None:
            writer.close()
            return
        bare = seen.path.removeprefix("/v1.41")
        if bare not in QUIET:
            self.seen.append(seen)
        if hold := self.held.get(f"{seen.method} {bare}"):
            await hold.wait()
        if bare == "/events":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            self._listeners.append(writer)
            self.followed.set()
        elif seen.upgrade and f"{seen.method} {bare}" not in self.answers:
            writer.write(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
            await self._echo(reader, writer)
        else:
            status, body = self.answers.get(f"{seen.method} {bare}") or self._answer(seen, bare)
            data = b"" if status in (204, 304) else json.dumps(body).encode()
            fields = {**self.headers, "Content-Length": str(len(data))}
            lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + (b"" if seen.method == "HEAD" else data))
            writer.close()

    async def _read(self, connection: h11.Connection, reader: asyncio.StreamReader) -> Seen | None:
        head, body = None, b""
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                data = await reader.read(65536)
                if not data and head is None:
                    return None
                connection.receive_data(data)
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            else:
                break
        assert head is not None
        parts = urlsplit(head.target.decode())
        upgrade = any(name == b"upgrade" for name, _ in head.headers)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        kind = dict(head.headers).get(b"content-type")
        parsed = body if kind == b"application/x-tar" else json.loads(body) if body else None
        return Seen(head.method.decode(), unquote(parts.path), query, parsed, upgrade)

    async def _echo(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What comes in goes out, until the input ends."""
        await self.listening.wait()
        while data := await reader.read(65536):
            self.raw.append(data)
            writer.write(data)
            await writer.drain()
        writer.close()

    # ── The answers ──────────────────────────────────────────────────────────────────────────────────────────────

    def _answer(self, seen: Seen, path: str) -> tuple[int, Any]:
        words = path[1:].split("/")
        if path == "/version":
            return 200, {
                "ApiVersion": "1.41",
                "Version": self.version,
                "Arch": "amd64",
                "KernelVersion": "6.1-host",
            }
        if path == "/containers/json":
            wanted = json.loads(seen.query.get("filters", "{}")).get("label", [])
            return 200, [_listed(found) for found in self.containers.values() if _has_labels(found, wanted)]
        if path == "/images/json":
            return 200, [{"Id": IMAGE_ID, "RepoTags": ["pg-ada/busybox:latest", "pg-ben/busybox:latest", "other:1"]}]
        if path == "/commit":
            return 201, {"Id": MADE_IMAGE_ID}
        if words[0] == "images":
            return 200, [] if words[-1] == "history" else _IMAGE
        if path == "/containers/create":
            self._made += 1
            identity = f"{self._made:064x}"
            self.containers[identity] = _container(identity, seen.query["name"], seen.body["Labels"])
            return 201, {"Id": identity, "Warnings": ["host"]}
        if words[0] in ("networks", "volumes"):
            return self._keep(seen, words)
        if words[0] == "containers" and words[-1] == "exec":
            return 201, {"Id": "e" * 64}
        return self._act(seen, words)

    def _keep(self, seen: Seen, words: list[str]) -> tuple[int, Any]:
        kind, kept = words[0], self.networks if words[0] == "networks" else self.volumes
        if len(words) == 1:
            return 200, list(kept.values()) if kind == "networks" else {"Volumes": list(kept.values())}
        if words[1] == "create" and kind == "networks":
            self._made += 1
            return 201, self._add_network(f"{self._made:064x}", seen.body)
        if words[1] == "create":
            return 201, self._add_volume(seen.body)
        if words[1] not in kept:
            return 404, {"message": f"{words[1]} is not there, says /var/lib/docker"}
        if seen.method == "DELETE":
            del kept[words[1]]
            return 204, None
        return 200, kept[words[1]] if len(words) == 2 else {}

    def _add_network(self, identity: str, body: dict[str, Any]) -> dict[str, Any]:
        pools = [{"Subnet": "10.0.0.0/28", "Gateway": "10.0.0.1"}]
        members = {one: {"Name": found["Name"], "IPv4Address": "10.0.0.2/28"} for one, found in self.containers.items()}
        self.networks[identity] = {
            **body, "Id": identity, "Driver": "bridge", "Scope": "local", "Created": "2026-01-01T00:00:00Z",
            "IPAM": {"Driver": "default", "Config": pools}, "Containers": members, "Options": {"secret": "host"},
        }  # fmt: skip
        return self.networks[identity]

    def _add_volume(self, body: dict[str, Any]) -> dict[str, Any]:
        folder = self.path.parent / "volumes" / body["Name"]
        folder.mkdir(parents=True, exist_ok=True)
        made = {**body, "CreatedAt": "2026-01-01T00:00:00Z", "Mountpoint": str(folder), "Scope": "local"}
        self.volumes[body["Name"]] = made
        return made

    def _act(self, seen: Seen, words: list[str]) -> tuple[int, Any]:
        found = self.containers.get(words[1]) if words[0] == "containers" else None
        if found is None:
            return 200, {}
        if seen.method == "DELETE":
            del self.containers[words[1]]
            self._tell(found, "destroy")
            return 204, None
        if words[-1] == "json":
            return 200, found
        if words[-1] == "wait":
            self._tell(found, "die")
            return 200, {"StatusCode": 0}
        if words[-1] in _EVENTS:
            if words[-1] == "rename":
                found["Name"] = "/" + seen.query["name"]
            self._tell(found, _EVENTS[words[-1]])
            return 204, None
        return 200, {}

    def _tell(self, found: dict[str, Any], action: str) -> None:
        attributes = found["Config"]["Labels"] | {"name": found["Name"][1:], "exitCode": "0"}
        self.tell("container", action, found["Id"], attributes)

    def tell(self, kind: str, action: str, identity: str, attributes: dict[str, str]) -> None:
        event = {"Type": kind, "Action": action, "Actor": {"ID": identity, "Attributes": attributes}, "timeNano": 1}
        line = json.dumps(event).encode() + b"\n"
        for writer in self._listeners:
            writer.write(b"%x\r\n%b\r\n" % (len(line), line))


def _has_labels(found: dict[str, Any], wanted: list[str]) -> bool:
    marks = found["Config"]["Labels"]
    return all(key in marks and value in ("", marks[key]) for key, _, value in (text.partition("=") for text in wanted))


_EVENTS = {
    "start": "start",
    "stop": "die",
    "restart": "start",
    "pause": "pause",
    "unpause": "unpause",
    "rename": "rename",
}
_IMAGE = {
    "Id": IMAGE_ID, "Created": "2026-01-01T00:00:00.5Z", "Size": 1000, "Os": "linux",
    "RepoTags": ["pg-ben/secret:1"], "RootFS": {"Layers": ["sha256:" + "c" * 64]},
    "GraphDriver": {"Name": "btrfs", "Data": {"Dir": "/var/lib/docker/x"}},
    "Config": {"Cmd": ["sh"], "Labels": {"playground.role": "image", "kind": "tool"}},
}  # fmt: skip


def _container(identity: str, name: str, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "Id": identity, "Name": f"/{name}", "Created": "2026-01-01T00:00:00Z", "Path": "sh", "Args": [],
        "Image": IMAGE_ID,
        "State": {
            "Status": "running", "Running": True, "StartedAt": "2026-01-01T00:00:00Z", "ExitCode": 0,
            "OOMKilled": False, "Pid": 4242,
        },
        "Config": {"Labels": labels, "Tty": False, "OpenStdin": False, "Cmd": ["sh"], "Image": IMAGE_ID},
        "HostConfig": {"CgroupParent": "/playground/ada", "Dns": ["127.0.0.1"], "NetworkMode": "none"},
        "LogPath": "/var/lib/docker/x.log", "ResolvConfPath": "/var/lib/docker/r", "HostsPath": "/var/lib/docker/h",
        "GraphDriver": {"Name": "btrfs", "Data": {"Dir": "/var/lib/docker/x"}}, "Driver": "btrfs",
        "Mounts": [{"Type": "tmpfs", "Source": "/var/lib/docker/volumes/x", "Destination": "/data", "RW": True}],
        "NetworkSettings": {
            "SandboxKey": "/var/run/docker/netns/x", "Networks": {"none": {"NetworkID": "n" * 64}, **_on(labels)},
        },
    }  # fmt: skip


def _on(labels: dict[str, str]) -> dict[str, Any]:
    """As on a seat's network, whose id it does not know before it starts."""
    return {f"pg-{labels['playground.seat']}-mine": {"NetworkID": "", "Aliases": ["web", "www"], "Gateway": "10.0.0.1"}}


def _listed(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "Id": found["Id"], "Names": [found["Name"]], "Image": IMAGE_ID, "ImageID": IMAGE_ID, "Command": "sh",
        "Created": 1, "State": "running", "Status": "Up 1 second", "Labels": found["Config"]["Labels"],
        "Mounts": found["Mounts"], "HostConfig": {"NetworkMode": "none"},
    }  # fmt: skip
