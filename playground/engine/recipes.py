"""What each assembled image holds and how it runs. The static files lie under images/."""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.engine import archive, elf, labels, plugin
from playground.engine.archive import Node, file, folder, link
from playground.engine.errors import EngineError

FOLDER = Path(__file__).resolve().parents[2] / "images"
CODE = [Path(module) for module in (__file__, archive.__file__, elf.__file__)]
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
HOST_PROGRAMS = {"busybox": "/bin/busybox", "docker": "/usr/bin/docker"}  # the packages'; others on PATH come after
COMPOSE = "/usr/libexec/docker/cli-plugins/docker-compose"  # every CLI looks there
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}  # Docker's words for what uname -m says


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs that images are assembled around. `identity` changes when they do."""

    busybox: Path
    docker: Path
    identity: str
    compose: Path | None = None  # the CLI's plugin; a seat works without it


@dataclass(frozen=True, slots=True)
class Recipe:
    tree: dict[str, Node]
    config: dict[str, Any]


def host_tools() -> Tools:
    """This machine's own; raises EngineError that says what to install."""
    busybox = _program("busybox", "busybox-static")
    docker = _program("docker", "docker-cli (docker.io before Debian 13)")
    compose = plugin.compose()
    stats = [path.stat() for path in (busybox, docker, compose) if path]
    identity = "-".join(f"{stat.st_size:x}.{stat.st_mtime_ns:x}" for stat in stats)
    return Tools(busybox, docker, identity, compose)


def inputs_hash() -> str:
    """Of everything in the project that an assembled image is made from."""
    digest = hashlib.sha256()
    for path in [*CODE, *sorted(path for path in FOLDER.rglob("*") if path.is_file())]:
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def seat(tools: Tools, machine: str) -> Recipe:
    """A shell, its tools, and the real docker CLI with compose, and the libraries that they link."""
    tree = _with_shell(tools) | _files("seat") | _program_tree("/usr/bin/docker", tools.docker)
    if tools.compose:
        tree |= _program_tree(COMPOSE, tools.compose)
    tree["/root/.docker"] = folder(0o700)
    environment = [
        PATH,
        "HOME=/root",
        "TERM=xterm-256color",
        "LANG=C.UTF-8",
        "ENV=/etc/shrc",
        "DOCKER_HOST=unix:///run/playground/docker.sock",
        "DOCKER_CLI_HINTS=false",
    ]
    config = {
        # busybox greets with a banner on standard output; /etc/profile takes that up again after it.
        "Cmd": ["sh", "-c", "exec sh -il 3>&1 >/dev/null"],
        "Env": environment,
        "WorkingDir": "/root",
        "StopSignal": "SIGKILL",  # a shell on a terminal does not heed SIGTERM
        "Labels": {labels.COMPOSE: "1"} if tools.compose else {},
    }
    return Recipe(tree, config)


def busybox(tools: Tools, machine: str) -> Recipe:
    return Recipe(_with_shell(tools), {"Cmd": ["sh"], "Env": [PATH]})


def hello_world(tools: Tools, machine: str) -> Recipe:
    program = elf.program((FOLDER / "hello-world" / "message.txt").read_bytes(), machine)
    return Recipe({"/hello": file(program, 0o755)}, {"Cmd": ["/hello"], "Env": [PATH]})


RECIPES: dict[str, Callable[[Tools, str], Recipe]] = {"seat": seat, "busybox": busybox, "hello_world": hello_world}


def _with_shell(tools: Tools) -> dict[str, Node]:
    listed = subprocess.run([tools.busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    applets = {f"/bin/{name}": link("busybox") for name in listed if name != "busybox"}
    folders = {f"/{name}": folder() for name in ("dev", "home", "usr/bin", "usr/sbin", "var/spool", "var/www")}
    private = {"/root": folder(0o700), "/tmp": folder(0o1777), "/var/tmp": folder(0o1777)}
    return applets | folders | private | _program_tree("/bin/busybox", tools.busybox) | _files("base")


def _files(name: str) -> dict[str, Node]:
    top = FOLDER / name
    return {f"/{path.relative_to(top)}": file(path) for path in top.rglob("*") if path.is_file()}


def _program_tree(name: str, binary: Path) -> dict[str, Node]:
    libraries = {str(path): file(path.resolve(), 0o755) for path in linked(binary)}
    return {name: file(binary, 0o755)} | libraries


def linked(binary: Path) -> list[Path]:
    """The shared libraries and the loader of a program; none when it is static."""
    listing = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False).stdout
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", listing)]


def _program(name: str, package: str) -> Path:
    for candidate in (HOST_PROGRAMS[name], shutil.which(name)):
        if candidate and Path(candidate).is_file():
            return Path(candidate).resolve()
    raise EngineError(f"no {name} on this machine to assemble images from: install {package}")
