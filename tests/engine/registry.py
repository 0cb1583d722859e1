"""A registry of images for tests, as small as the protocol allows, where an engine with a network of its own sees it.

It listens on 127.0.0.1, which engines may speak plain HTTP with.
"""

import ctypes
import fcntl
import gzip
import hashlib
import json
import os
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playground.engine.archive import Tree, write_layer

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


@dataclass
class Registry:
    """`address` is what comes before an image's name; `asked` the manifests that were asked for, in order."""

    address: str
    manifests: dict[str, bytes] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add(self, reference: str, tree: Tree, config: Mapping[str, Any], architecture: str, scratch: Path) -> None:
        write_layer(tree, scratch / "layer.tar")
        layer = (scratch / "layer.tar").read_bytes()
        image = {
            "architecture": architecture,
            "os": "linux",
            "config": dict(config),
            "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]},
        }
        self.put(reference, image, layer)

    def put(self, reference: str, image: Mapping[str, Any], layer: bytes) -> None:
        """`image` is the image's configuration as archives hold it, `layer` the tar of its one layer."""
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self._keep(CONFIG, json.dumps(image).encode()),
            "layers": [self._keep(LAYER, gzip.compress(layer, 1))],
        }
        name, tag = reference.split(":")
        body = json.dumps(manifest).encode()
        for way in (tag, _digest(body)):
            self.manifests[f"{name}/manifests/{way}"] = body

    def _keep(self, media_type: str, content: bytes) -> dict[str, Any]:
        self.blobs[_digest(content)] = content
        return {"mediaType": media_type, "size": len(content), "digest": _digest(content)}


@contextmanager
def serve_beside(pid: int, port: int = 0) -> Iterator[Registry]:
    """Serve in the network namespace of process `pid`."""
    with ThreadPoolExecutor(1) as apart:
        listening = apart.submit(_listen_in, pid, port).result()
    registry = Registry(f"127.0.0.1:{listening.getsockname()[1]}")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(registry), bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _listen_in(pid: int, port: int) -> socket.socket:
    """A namespace is a thread's own: this one enters it and ends, the socket stays."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/proc/{pid}/ns/net").open("rb") as namespace:
        if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    listening = socket.socket()
    flags = struct.unpack_from("h", fcntl.ioctl(listening, SIOCGIFFLAGS, struct.pack("16sh14x", b"lo", 0)), 16)[0]
    fcntl.ioctl(listening, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))
    listening.bind(("127.0.0.1", port))
    listening.listen()
    return listening


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _handler(registry: Registry) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/v2/")
            if "/manifests/" in path:
                registry.asked.append(path)
            if path == "":
                self._answer(200, "application/json", b"{}")
            elif path in registry.manifests:
                self._answer(200, MANIFEST, registry.manifests[path])
            elif (blob := re.fullmatch(r".*/blobs/(.*)", path)) and blob[1] in registry.blobs:
                self._answer(200, "application/octet-stream", registry.blobs[blob[1]])
            else:
                self._answer(404, "application/json", b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"unknown"}]}')

        do_HEAD = do_GET

        def _answer(self, status: int, media_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Docker-Content-Digest", _digest(body))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
