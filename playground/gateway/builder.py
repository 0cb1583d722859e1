"""`docker build`, played as create, start, wait and commit: the classic builder's words, and a layer cache of the
seat's own images. The engine's builder would run steps with wider rights, and fetch addresses from the host's
network."""

import hashlib
import json
import shlex
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from playground.gateway import making, workshop
from playground.gateway.call import Call
from playground.gateway.handlers.images import fetch, set_tag
from playground.gateway.policy import buildfiles, imageconfig
from playground.gateway.policy.buildfiles import Context
from playground.gateway.policy.buildplan import Asked, Plan, Stage, argument
from playground.gateway.policy.dockerfile import Instruction, at_line
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.imageconfig import DEFAULT_PATH, Config, environment
from playground.gateway.policy.names import parse_reference
from playground.gateway.policy.platforms import check_pull
from playground.gateway.policy.stepwords import copied, created_by
from playground.gateway.policy.tarball import Entry
from playground.gateway.workshop import Say


class StepFailed(Exception):
    """A RUN that ended with another code than 0."""

    def __init__(self, command: list[str], code: int) -> None:
        super().__init__(f"The command '{' '.join(command)}' returned a non-zero code: {code}")
        self.code = code


@dataclass(slots=True)
class State:
    """A stage as far as it has been built."""

    image_id: str
    config: Config
    arguments: dict[str, str] = field(default_factory=dict)
    has_cmd: bool = False  # of this Dockerfile: an ENTRYPOINT drops one that came with the base

    @property
    def variables(self) -> dict[str, str]:
        return {**self.arguments, **environment(self.config)}


def _short(identity: str) -> str:
    return identity.removeprefix("sha256:")[:12]


class Builder:
    def __init__(self, call: Call, asked: Asked, plan: Plan, context: Context, say: Say) -> None:
        self._call = call
        self._asked = asked
        self._plan = plan
        self._context = context
        self._say = say
        self._step = 0
        self._stages: dict[str, State] = {}
        self._used: set[str] = set()  # names of build arguments
        self._state = State("", {})

    async def build(self) -> str:
        """The image's id, its names set. Raises Refused, StepFailed, EngineError."""
        for instruction in self._plan.arguments:
            await self._announce(instruction)
            self._used |= {name for name, _ in argument(instruction, {})}
        for number, stage in enumerate(self._plan.stages):
            await self._begin(stage)
            for instruction in stage.steps:
                await self._announce(instruction)
                await self._dispatch(instruction)
                await self._say(f" ---> {_short(self._state.image_id)}\n")
            self._stages[str(number)] = self._state
            if stage.name:
                self._stages[stage.name] = self._state
        if self._state.image_id not in self._call.owned.built:  # nothing but FROM: the base itself
            self._state.image_id = self._state.image_id or await workshop.scratch(self._call)
        unused = sorted(set(self._asked.arguments) - self._used)
        if unused:
            await self._say(f"[Warning] One or more build-args [{' '.join(unused)}] were not consumed\n")
        await self._say(f"Successfully built {_short(self._state.image_id)}\n")
        for tag in self._asked.tags:
            await set_tag(self._call, self._state.image_id, tag, "tag")
            await self._say(f"Successfully tagged {tag.familiar}\n")
        return self._state.image_id

    async def _announce(self, instruction: Instruction) -> None:
        self._step += 1
        await self._say(f"Step {self._step}/{self._plan.steps} : {instruction}\n")

    # ── FROM ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _begin(self, stage: Stage) -> None:
        await self._announce(stage.start)
        if earlier := self._stages.get(stage.base.lower()):
            self._state = State(earlier.image_id, deepcopy(earlier.config))
        elif stage.base == workshop.SCRATCH:
            self._state = State(await workshop.scratch(self._call), {"Env": [f"PATH={DEFAULT_PATH}"]})
        else:
            check_pull(stage.start.flags.get("platform", ""), self._call.ground.engine.arch)
            self._state = await self._based_on(stage.base)
        shown = "" if stage.base == workshop.SCRATCH else _short(self._state.image_id)
        await self._say(f" ---> {shown}\n")

    async def _based_on(self, name: str) -> State:
        image_id = await self._image(name, self._asked.pull)
        found = await self._call.ground.images.inspect(image_id)
        config = imageconfig.of(found.get("Config"))
        config.setdefault("Env", [f"PATH={DEFAULT_PATH}"])
        return State(image_id, config)

    async def _image(self, name: str, pull: bool = False) -> str:
        """Of the seat's store, else, or to `pull`, from the catalogue into it."""
        try:
            found = self._call.owned.image(name)
        except Refused as refused:
            if refused.status != 404:
                raise
        else:
            if not pull:
                return found
        image_id, lines = await fetch(self._call, parse_reference(name))
        for line in lines:
            prefix = f"{line['id']}: " if "id" in line and "progress" not in line else ""
            if "progress" not in line:
                await self._say(f"{prefix}{line['status']}\n")
        return image_id

    # ── One step ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _dispatch(self, instruction: Instruction) -> None:
        if instruction.keyword == "RUN":
            await self._run(instruction)
        elif instruction.keyword in ("COPY", "ADD"):
            await self._copy(instruction)
        else:
            await self._describe(instruction)

    async def _describe(self, instruction: Instruction) -> None:
        """What changes the image's configuration only, or makes its working directory."""
        state, config = self._state, deepcopy(self._state.config)
        if instruction.keyword == "ARG":
            for name, default in argument(instruction, state.variables):
                self._used.add(name)
                value = self._asked.arguments.get(name, self._plan.defaults.get(name) if default is None else default)
                if value is not None:
                    state.arguments[name] = value
        else:
            imageconfig.apply(config, instruction, state.variables)
        if instruction.keyword == "CMD":
            state.has_cmd = True
        if instruction.keyword == "ENTRYPOINT" and not state.has_cmd:
            config.pop("Cmd", None)
        step = self._key(instruction, config)
        if await self._cached(step, config):
            return
        base = state.image_id
        container_id = await workshop.make(self._call, base)
        await self._say(f" ---> Running in {_short(container_id)}\n")
        if (
            instruction.keyword == "WORKDIR"
            and not (await workshop.look(self._call, container_id, config["WorkingDir"]))[0]
        ):
            folder = Entry(config["WorkingDir"].strip("/"), "directory", 0o755)
            await workshop.put(self._call, container_id, [folder])
        said = created_by(instruction, config, state.variables)
        await self._commit(instruction, container_id, config, step, said)

    async def _run(self, instruction: Instruction) -> None:
        state = self._state
        command = imageconfig.shell_form(instruction, state.config)
        arguments = {name: value for name, value in state.arguments.items() if name not in environment(state.config)}
        step = self._key(instruction, state.config, command, arguments)
        if await self._cached(step, state.config):
            return
        container_id = await workshop.make(self._call, state.image_id, _with(arguments, command))
        await self._say(f" ---> Running in {_short(container_id)}\n")
        code = await workshop.run(self._call, container_id, self._say)
        if code:
            raise StepFailed(command, code)
        said = created_by(instruction, state.config, state.variables)
        await self._commit(instruction, container_id, state.config, step, said)

    async def _commit(self, instruction: Instruction, container_id: str, config: Config, step: str, said: str) -> None:
        made = making.commit(self._call, container_id, config, {}, step, said)
        self._state.image_id = await self._call.to_the_end(made)
        self._state.config = config
        await workshop.remove(self._call, container_id)
        if instruction.keyword not in ("COPY", "ADD"):
            newer = self._call.ground.engine.major >= 26
            said = " ---> Removed" if newer else "Removing"
            await self._say(f"{said} intermediate container {_short(container_id)}\n")

    # ── COPY and ADD ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _copy(self, instruction: Instruction) -> None:
        state = self._state
        try:
            names, destination = buildfiles.arguments(instruction, state.variables, state.config.get("WorkingDir", ""))
            sources = await self._sources(instruction, names)
            if len(sources) > 1 and not destination.endswith("/"):
                raise bad("more than one file: the destination must be a directory and end with a /")
        except Refused as refused:
            if refused.message.startswith(f"{instruction.keyword} failed: "):
                raise
            raise at_line(instruction.line, refused.message) from None
        chown = instruction.flags.get("chown", "")
        owner = await workshop.owner(self._call, state.image_id, chown) if chown else (0, 0)
        everything = [entry for entries in sources for entry in entries]
        content = buildfiles.content_hash(everything)
        step = self._key(instruction, state.config, destination, owner, content)
        if await self._cached(step, state.config):
            return
        container_id = await workshop.make(self._call, state.image_id)
        exists, is_folder = await workshop.look(self._call, container_id, destination.rstrip("/") or "/")
        unpack = instruction.keyword == "ADD"
        limit = self._call.ground.limits.upload
        entries = buildfiles.placed(sources, destination, exists, is_folder, owner, unpack, limit)
        if entries:
            await workshop.put(self._call, container_id, entries)
        kind = "multi" if len(sources) > 1 else "file" if len(everything) == 1 else "dir"
        said = copied(instruction, state.config, kind, content, destination)
        await self._commit(instruction, container_id, state.config, step, said)

    async def _sources(self, instruction: Instruction, names: list[str]) -> list[list[Entry]]:
        """What each name stands for, in the context or in another stage or image."""
        asked = instruction.flags.get("from")
        if asked is None:
            return [entries for name in names for entries in self._context.sources(name, instruction.keyword)]
        if any("*" in name or "?" in name for name in names):
            raise bad("COPY --from takes names without stars in this playground")
        stage = self._stages.get(asked.lower())
        image_id = stage.image_id if stage else await self._image(asked)
        async with workshop.container(self._call, image_id) as container_id:
            return [await workshop.files(self._call, container_id, "/" + name.lstrip("/")) for name in names]

    # ── The cache ────────────────────────────────────────────────────────────────────────────────────────────────

    def _key(self, instruction: Instruction, config: Mapping[str, Any], *more: Any) -> str:
        """What a step was made from; the image that it stands on is looked at beside it."""
        made_from = [str(replace(instruction, typed="")), dict(config), self._state.image_id, *more]
        return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()

    async def _cached(self, step: str, config: Config) -> bool:
        if self._asked.no_cache:
            return False
        for built in self._call.owned.built.values():
            if built.step == step and built.parent == self._state.image_id:
                await self._say(" ---> Using cache\n")
                self._call.note.flags["cached"] = True
                self._state.image_id, self._state.config = built.id, config
                return True
        return False


def _with(arguments: Mapping[str, str], command: list[str]) -> tuple[str, ...]:
    """The command with build arguments in its environment. As the container's own environment they would become the
    image's."""
    if not arguments:
        return tuple(command)
    exports = "; ".join(f"export {name}={shlex.quote(value)}" for name, value in arguments.items())
    return ("/bin/sh", "-c", f'{exports}; exec "$@"', "sh", *command)
