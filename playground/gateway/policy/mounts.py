"""-v, --mount and --tmpfs: what may be mounted into a container. Of the host's files: nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground.gateway.limits import MIB
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.fields import clean_path, is_default, listing, mapping
from playground.gateway.policy.names import check_volume_name
from playground.gateway.policy.strictjson import Json, fold

HOST_FILES = (
    "containers here may not mount the host's files, because the host belongs to everyone; "
    "try a named volume instead, like -v mydata:/data."
)
ENGINE_SOCKET = (
    "containers here may not mount the Docker socket: whoever holds it controls every container on the machine, "
    "and the machine belongs to everyone."
)
MAX_TMPFS = 4
MAX_BORROWED = 4
TMPFS_BYTES = 16 * MIB
TMPFS_INODES = 4096
RESERVED = ("proc", "sys", "dev", "etc")


@dataclass(frozen=True, slots=True)
class VolumeMount:
    target: str
    name: str = ""  # the learner's; "" for a volume without one
    read_only: bool = False


def binds(value: Json, field: str) -> Json:
    """`-v name:/target` and `-v name:/target:ro`."""
    return [_bind(bind, field) for bind in listing(value, field)]


def _bind(bind: Json, field: str) -> VolumeMount:
    if not isinstance(bind, str):
        raise bad(f"{field} must be a list of words")
    source, _, rest = bind.partition(":")
    target, _, mode = rest.partition(":")
    if mode not in ("", "ro", "rw"):
        raise Refused(403, f"The volume option {mode[:40]!r} is not available in this playground: try ro or rw.")
    if target and not target.startswith("/"):
        kind = "bind" if source.startswith("/") else "volume"
        raise bad(
            f"invalid volume specification: '{bind[:160]}': invalid mount config for type \"{kind}\": "
            f"invalid mount path: '{target[:80]}' mount path must be absolute"
        )
    return VolumeMount(_target(target), _source(source), mode == "ro")


def _source(source: str) -> str:
    if source.rstrip("/").endswith("docker.sock"):
        raise Refused(403, ENGINE_SOCKET)
    if source.startswith(("/", "~", ".")):
        raise Refused(403, HOST_FILES)
    return check_volume_name(source)


def _target(value: Json) -> str:
    target = clean_path(value, "A volume's target")
    if target == "/":
        raise bad("invalid volume specification: destination can't be '/'")
    return target


def anonymous_volumes(value: Json, field: str) -> Json:
    """`-v /target`."""
    return [VolumeMount(_target(target)) for target in mapping(value, field)]


def volumes_from(value: Json, field: str) -> Json:
    """[(container, read-only)] of `--volumes-from container[:ro]`."""
    found: list[tuple[str, bool]] = []
    for item in listing(value, field):
        container, _, mode = item.partition(":") if isinstance(item, str) else ("", "", "-")
        if mode not in ("", "ro", "rw") or not container or len(found) == MAX_BORROWED:
            raise bad(f"--volumes-from takes at most {MAX_BORROWED} containers, each as name, name:ro or name:rw")
        found.append((container, mode == "ro"))
    return found


def mounts(value: Json, field: str) -> Json:
    """`--mount`: volumes as VolumeMount, tmpfs as (target, options)."""
    return [_mount(item, field) for item in listing(value, field)]


def _mount(item: Json, field: str) -> VolumeMount | tuple[str, str]:
    asked = {fold(key): part for key, part in mapping(item, field).items()}
    kind, source = str(asked.get("type", "")), str(asked.get("source") or "")
    if kind in ("bind", "npipe"):
        raise Refused(403, ENGINE_SOCKET if source.endswith("docker.sock") else HOST_FILES)
    if kind not in _MOUNT_KINDS or not all(is_default(asked[key]) for key in set(asked) - _MOUNT_KINDS[kind]):
        if kind == "volume" and not is_default(asked.get("volumeoptions")):
            raise Refused(403, "Volume options are not available in this playground: they could name the host's files.")
        if kind and kind.lower() not in ("bind", "npipe", "image", "cluster", *_MOUNT_KINDS):
            raise bad(f'invalid mount config for type "{kind[:20]}": mount type unknown')
        raise Refused(403, f"A mount of type {kind[:20]!r} is not available in this playground.")
    if kind == "volume":
        return VolumeMount(_target(asked.get("target")), _source(source) if source else "", bool(asked.get("readonly")))
    return _tmpfs_mount(asked, source, field)


_MOUNT_KINDS = {
    "volume": {"type", "source", "target", "readonly", "consistency"},
    "tmpfs": {"type", "source", "target", "readonly", "consistency", "tmpfsoptions"},
}


def _tmpfs_mount(asked: dict[str, Json], source: str, field: str) -> tuple[str, str]:
    options = {fold(key): part for key, part in mapping(asked.get("tmpfsoptions") or {}, field).items()}
    size = options.get("sizebytes") or TMPFS_BYTES
    if source or not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise bad("a mount of type tmpfs has no source, and SizeBytes must be a whole number")
    return clean_path(asked.get("target"), "Target", RESERVED), _tmpfs_options(size)


def tmpfs(value: Json, field: str) -> Json:
    """`--tmpfs /run` or `--tmpfs /run:size=1m,…`: the options are ours but for the size."""
    asked = mapping(value, field)
    return {clean_path(target, "Tmpfs", RESERVED): _tmpfs_options(_size(text)) for target, text in asked.items()}


def _size(options: Json) -> int:
    if not isinstance(options, str):
        raise bad("Tmpfs options must be text")
    found = re.search(r"(?:^|,)size=([0-9]{1,12})([kmg]?)(?:,|$)", options.lower())
    return int(found[1]) * {"": 1, "k": 1024, "m": MIB, "g": 1024 * MIB}[found[2]] if found else TMPFS_BYTES


def _tmpfs_options(size: int) -> str:
    return f"rw,nosuid,nodev,size={min(max(size, 4096), TMPFS_BYTES)},nr_inodes={TMPFS_INODES}"


# ── All of a container's mounts together ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Storage:
    tmpfs: dict[str, str]  # {target: options}
    covered: tuple[str, ...]  # a tmpfs where the image has a volume
    volumes: list[VolumeMount]

    @property
    def named(self) -> list[str]:
        return [mount.name for mount in self.volumes if mount.name]


def storage(
    wants: Mapping[str, Json], anonymous: Sequence[VolumeMount], image: Sequence[str], borrowed: Sequence[VolumeMount]
) -> Storage:
    """`wants` has what binds(), mounts() and tmpfs() gave; `image` the targets of its VOLUME lines. What was named
    comes before what is borrowed, and that before volumes without a name."""
    items: list[VolumeMount | tuple[str, str]] = wants.get("Mounts", [])
    tmpfs = [*wants.get("Tmpfs", {}).items(), *(item for item in items if isinstance(item, tuple))]
    volumes = [*wants.get("Binds", []), *(item for item in items if isinstance(item, VolumeMount))]
    targets = [target for target, _ in tmpfs] + [mount.target for mount in volumes]
    if len(set(targets)) != len(targets):
        raise bad(f"Duplicate mount point: {next(target for target in targets if targets.count(target) > 1)}")
    if len(tmpfs) > MAX_TMPFS:
        raise bad(f"at most {MAX_TMPFS} tmpfs mounts for a container")
    own = {_target(target) for target in image}
    for mount in (*borrowed, *anonymous, *map(VolumeMount, sorted(own))):
        if mount.target not in targets:
            volumes.append(mount)
            targets.append(mount.target)
    # Only HostConfig.Mounts, not Tmpfs, keeps the engine from making the image's own volume, which nobody would own.
    covered = tuple(target for target, _ in tmpfs if target in own)
    return Storage({target: options for target, options in tmpfs if target not in own}, covered, volumes)


def step_storage(image: Sequence[str]) -> Storage:
    """For a step of a build. What it leaves in the image's volumes is no part of the next image, and so nobody's."""
    return Storage({}, tuple(sorted({_target(target) for target in image})), [])


def write_mounts(storage: Storage, names: Mapping[str, str]) -> list[Json]:
    """`HostConfig.Mounts`. `names` are the engine's names of the volumes, by target."""
    options = {"SizeBytes": TMPFS_BYTES}
    return [
        *({"Type": "tmpfs", "Target": target, "TmpfsOptions": options} for target in storage.covered),
        *(
            {"Type": "volume", "Source": names[mount.target], "Target": mount.target, "ReadOnly": mount.read_only}
            for mount in storage.volumes
        ),
    ]
