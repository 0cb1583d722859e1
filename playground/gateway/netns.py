"""Sockets in a container's own network, made from outside of it. They belong to that network for good, whoever holds
them: what they listen on is not on the machine, and what they connect to is what the container itself would reach.

It takes root on the engine's machine.
"""

import ctypes
import os
import socket
import threading
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def has_ipv6() -> bool:
    return Path("/proc/net/if_inet6").exists()


def stream_socket(pid: int, container_id: str, family: socket.AddressFamily) -> socket.socket:
    """A TCP socket in the network of the container, whose process `pid` is. It takes a tenth of a millisecond.

    Raises ProcessLookupError where the process is none of the container's (any more), PermissionError where this
    process may not, another OSError where the machine has none of this family."""
    namespace = _namespace(pid, container_id)
    try:
        return _made_there(namespace, family)
    finally:
        os.close(namespace)


def _namespace(pid: int, container_id: str) -> int:
    """Both are read through one handle of the process: its number may be another one's a moment later."""
    try:
        process = os.open(f"/proc/{pid}", os.O_RDONLY | os.O_DIRECTORY)
        try:
            if container_id not in _groups(process):
                raise ProcessLookupError(f"process {pid} is none of container {container_id}")
            return os.open("ns/net", os.O_RDONLY, dir_fd=process)
        finally:
            os.close(process)
    except FileNotFoundError as error:
        raise ProcessLookupError(f"process {pid} is gone") from error


def _groups(process: int) -> str:
    with open("cgroup", opener=lambda path, flags: os.open(path, flags, dir_fd=process)) as file:
        return file.read()


def _made_there(namespace: int, family: socket.AddressFamily) -> socket.socket:
    """On a thread that ends with it, so that nothing else can ever run in the container's network."""
    made: list[socket.socket | OSError] = []

    def work() -> None:
        try:
            if _libc.setns(namespace, _CLONE_NEWNET):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))
            made.append(socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK))
        except OSError as error:
            made.append(error)

    thread = threading.Thread(target=work, name="netns")
    thread.start()
    thread.join()
    (result,) = made
    if isinstance(result, OSError):
        raise result
    return result
