"""`docker compose` on paper: one command for the checks, whatever it calls on its way."""

import shlex
from typing import Any

import yaml

from tests.unit.lessons.paper import programs
from tests.unit.lessons.paper.engine import Held, Paper
from tests.unit.lessons.paper.programs import KILLED

SERVICE, ONE_OFF = "com.docker.compose.service", "com.docker.compose.oneoff"


def compose(paper: Paper, files: dict[str, str], folder: str, words: list[str]) -> str:
    """Nothing is told where there is no file, since nothing is called then."""
    own = ["compose.yaml", "docker-compose.yml"]
    asked = words[2:] if words[0] == "-f" else words
    names = words[1:2] if words[0] == "-f" else own
    text = next((files[f"{folder}/{name}"] for name in names if f"{folder}/{name}" in files), None)
    verb, *rest = asked
    if text is None:
        return ""
    file = yaml.safe_load(text)
    project = Project(paper, file, folder.rpartition("/")[2])
    if verb != "config":  # which reads the file, and asks the engine for nothing but its version
        getattr(project, verb)(rest)
    paper.did("compose", command=tuple(words))
    return ""


class Project:
    def __init__(self, paper: Paper, file: dict[str, Any], name: str) -> None:
        self._paper, self._file, self._name = paper, file, name

    def _all(self) -> list[Held]:
        return [one for one in self._paper.containers if one.name.startswith(f"{self._name}-")]

    def create(self, rest: list[str], *, many: dict[str, int] | None = None) -> None:
        network = f"{self._name}_default"
        if network not in self._paper.networks:
            self._paper.networks.append(network)
        there = {one.name for one in self._all()}
        for service, wants in self._file["services"].items():
            for place in range(1, (many or {}).get(service, 1) + 1):
                if f"{self._name}-{service}-{place}" not in there:
                    self._make(service, wants, f"{self._name}-{service}-{place}", network)

    def _make(self, service: str, wants: dict[str, Any], name: str, network: str, **more: str) -> Held:
        flags: dict[str, Any] = {"name": name, "network": network, "rm": False, "tty": False, "interactive": False}
        flags["volume"] = [f"{self._name}_{one}" for one in wants.get("volumes", [])]
        return self._paper.make(
            wants["image"], shlex.split(wants.get("command", "")), flags, {SERVICE: service, **more}
        )

    def up(self, rest: list[str]) -> None:
        scale = dict(word.split("=") for word in rest if "=" in word)
        if "--remove-orphans" in rest:
            for held in [one for one in self._all() if one.labels[SERVICE] not in self._file["services"]]:
                self._remove(held)
        self.create([], many={service: int(many) for service, many in scale.items()})
        self.start(rest)

    def start(self, rest: list[str]) -> None:
        for held in reversed(self._all()):
            if not held.runs and held.labels[SERVICE] in self._file["services"]:
                code = self._paper.set_going(held)
                self._paper.did("start", held, compose=True)
                self._paper.let_run(held, code)

    def stop(self, rest: list[str]) -> None:
        for held in self._all():
            if held.runs:
                self._paper.end(held, KILLED)

    def restart(self, rest: list[str]) -> None:
        self.stop(rest)
        self.start(rest)

    def down(self, rest: list[str]) -> None:
        for held in self._all():
            if held.labels[SERVICE] in self._file["services"] or "--remove-orphans" in rest:
                self._remove(held)
        if not self._all():
            self._paper.networks.remove(f"{self._name}_default")
        if {"--volumes", "-v"} & set(rest):
            for name in self._file.get("volumes", {}):
                self._paper.volumes.pop(f"{self._name}_{name}", None)

    def rm(self, rest: list[str]) -> None:
        for held in self._all():
            if not held.runs:
                self._remove(held)

    def exec(self, rest: list[str]) -> None:
        service, *words = [word for word in rest if word != "-T"]
        held = next((one for one in reversed(self._all()) if one.labels[SERVICE] == service and one.runs), None)
        if held is not None:
            said = len(held.box.output)
            programs.run(words, held.box)
            del held.box.output[said:]

    def run(self, rest: list[str]) -> None:
        service, *words = [word for word in rest if not word.startswith("-")]
        wants = self._file["services"][service] | ({"command": " ".join(words)} if words else {})
        network = f"{self._name}_default"
        held = self._make(service, wants, f"{self._name}-{service}-run-1", network, **{ONE_OFF: "True"})
        code = self._paper.set_going(held)
        self._paper.let_run(held, code)

    def ps(self, rest: list[str]) -> None:
        self._paper.did("ps", compose=True, flags={"all": True})

    def logs(self, rest: list[str]) -> None:
        self._paper.did("ps", compose=True, flags={"all": True})

    def _remove(self, held: Held) -> None:
        if held.runs:
            self._paper.end(held, KILLED)
        self._paper.remove(held)
