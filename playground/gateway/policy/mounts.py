"""-v, --mount and --tmpfs: what may be mounted into a container. Of the host's files: nothing."""

import re

from playground.gateway.limits import MIB
from playground.gateway.policy.errors import Refused, bad, later
from playground.gateway.policy.fields import clean_path, is_default, listing, mapping
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
TMPFS_BYTES = 16 * MIB
TMPFS_INODES = 4096
RESERVED = ("proc", "sys", "dev", "etc")
_VOLUME_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}")


def binds(value: Json, field: str) -> Json:
    for bind in listing(value, field):
        if not isinstance(bind, str):
            raise bad(f"{field} must be a list of words")
        _refuse_source(bind.partition(":")[0])
    return []


def _refuse_source(source: str) -> None:
    if source.rstrip("/").endswith("docker.sock"):
        raise Refused(403, ENGINE_SOCKET)
    if not _VOLUME_NAME.fullmatch(source):
        raise Refused(403, HOST_FILES)
    raise later("A named volume")


def anonymous_volumes(value: Json, field: str) -> Json:
    if mapping(value, field):
        raise later("A volume")
    return {}


def mounts(value: Json, field: str) -> Json:
    """`--mount`: only tmpfs until there are volumes. Returns {target: options} for HostConfig.Tmpfs."""
    return _bounded(dict(_mount(item, field) for item in listing(value, field)))


def _mount(item: Json, field: str) -> tuple[str, str]:
    asked = {fold(key): part for key, part in mapping(item, field).items()}
    kind, source = str(asked.get("type", "")), str(asked.get("source", ""))
    if kind in ("bind", "npipe"):
        raise Refused(403, ENGINE_SOCKET if source.endswith("docker.sock") else HOST_FILES)
    if kind == "volume":
        if not is_default(asked.get("volumeoptions")):
            raise Refused(403, "Volume options are not available in this playground: they could name the host's files.")
        raise later("A volume")
    others = set(asked) - {"type", "source", "target", "readonly", "consistency", "tmpfsoptions"}
    if kind != "tmpfs" or source or not all(is_default(asked[key]) for key in others):
        raise Refused(403, f"A mount of type {kind[:20]!r} is not available in this playground.")
    options = {fold(key): part for key, part in mapping(asked.get("tmpfsoptions") or {}, field).items()}
    size = options.get("sizebytes") or TMPFS_BYTES
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise bad("SizeBytes must be a whole number")
    return clean_path(asked.get("target"), "Target", RESERVED), _tmpfs_options(size)


def tmpfs(value: Json, field: str) -> Json:
    """`--tmpfs /run` or `--tmpfs /run:size=1m,…`: the options are ours but for the size."""
    asked = mapping(value, field)
    return _bounded(
        {clean_path(target, "Tmpfs", RESERVED): _tmpfs_options(_size(text)) for target, text in asked.items()}
    )


def _size(options: Json) -> int:
    if not isinstance(options, str):
        raise bad("Tmpfs options must be text")
    found = re.search(r"(?:^|,)size=([0-9]{1,12})([kmg]?)(?:,|$)", options.lower())
    return int(found[1]) * {"": 1, "k": 1024, "m": MIB, "g": 1024 * MIB}[found[2]] if found else TMPFS_BYTES


def _tmpfs_options(size: int) -> str:
    return f"rw,nosuid,nodev,size={min(max(size, 4096), TMPFS_BYTES)},nr_inodes={TMPFS_INODES}"


def _bounded(found: dict[str, str]) -> dict[str, str]:
    if len(found) > MAX_TMPFS:
        raise bad(f"at most {MAX_TMPFS} tmpfs mounts for a container")
    return found


def for_image_volumes(targets: tuple[str, ...]) -> list[Json]:
    """An image's VOLUME lines would make volumes that nobody owns or bounds: they become tmpfs until there are
    volumes. Only HostConfig.Mounts, not Tmpfs, keeps the engine from making the volume."""
    options = {"SizeBytes": TMPFS_BYTES}
    return [{"Type": "tmpfs", "Target": target, "TmpfsOptions": options} for target in targets]
