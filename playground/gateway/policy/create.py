"""`docker create` and `docker run`: every field of the body, what becomes of it, and the body that the engine gets.

Nothing of the client's body is passed on: what a table keeps is written again, the rest is dropped or refused, and the
limits and walls of every container are ours.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from playground.gateway.limits import Limits
from playground.gateway.policy import mounts, options, published
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.fields import (
    Rule,
    boolean,
    force,
    integer,
    judge,
    keep,
    mapping,
    only_null,
    read,
    refuse,
    text,
    words,
    working_directory,
)
from playground.gateway.policy.mounts import Storage
from playground.gateway.policy.networks import Place, read_endpoint
from playground.gateway.policy.published import Wish
from playground.gateway.policy.resources import SHARED, WALLS, limit_flags, resources
from playground.gateway.policy.strictjson import Json, fold

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_SHARED = "the machine belongs to everyone"
_WINDOWS = "it exists on Windows only"
_WALLS = "the walls around a container protect everyone on the machine"

CONFIG: Mapping[str, Rule] = {
    "Image": read(text(r"[\x21-\x7e]+", 256)),
    "Cmd": keep(words(64, 16384)),
    "Entrypoint": keep(words(64, 16384)),
    "Shell": refuse("Shell", "it is for building images"),
    "ArgsEscaped": refuse("ArgsEscaped", _WINDOWS),
    "Env": keep(words(64, 8192)),
    "User": keep(text(r"[a-zA-Z0-9_.-]+(:[a-zA-Z0-9_.-]+)?", 64)),
    "WorkingDir": keep(working_directory),
    "Tty": keep(boolean),
    "OpenStdin": keep(boolean),
    "StdinOnce": keep(boolean),
    "AttachStdin": keep(boolean),
    "AttachStdout": keep(boolean),
    "AttachStderr": keep(boolean),
    "Hostname": keep(text(rf"{_LABEL}(?:\.{_LABEL})*", 63)),
    # The engine would write it into the kernel, which lets nobody do that in a user name space.
    "Domainname": refuse("--domainname", "give --hostname the whole name, such as web.example.org"),
    "Labels": keep(options.labels),
    "ExposedPorts": keep(options.exposed_ports),
    "Volumes": read(mounts.anonymous_volumes),
    "Healthcheck": keep(options.healthcheck),
    "StopSignal": keep(options.stop_signal),
    "StopTimeout": keep(options.stop_timeout),
    "OnBuild": refuse("OnBuild", "it is for building images"),
    "MacAddress": refuse("--mac-address", "networks are shared"),
    "NetworkDisabled": refuse("NetworkDisabled", "use --network none"),
    "HostConfig": read(mapping),
    "NetworkingConfig": read(mapping),
}

HOST_CONFIG: Mapping[str, Rule] = {
    # What a container may use: asked values are held against the limits, see resources.py.
    "Memory": read(integer),
    "MemoryReservation": read(integer),
    "MemorySwap": force(),
    "MemorySwappiness": force(),
    "NanoCpus": read(integer),
    "CpuPeriod": read(integer),
    "CpuQuota": read(integer),
    "CpuShares": force(),
    "PidsLimit": read(integer),
    "Ulimits": read(options.ulimits),
    "ShmSize": read(integer),
    "OomKillDisable": refuse("--oom-kill-disable", "a container without memory would hang for ever"),
    "OomScoreAdj": force(),
    **SHARED,
    "StorageOpt": refuse("--storage-opt", "every container here has the same room on the disk"),
    "LogConfig": read(options.log_config),
    "CgroupParent": refuse("--cgroup-parent", "your containers have a group of their own already"),
    # The walls.
    "Privileged": refuse("--privileged", f"a privileged container controls the whole machine, and {_SHARED}"),
    "CapAdd": refuse("--cap-add", "containers here run without any of the kernel's extra rights"),
    "CapDrop": force(),
    "SecurityOpt": read(options.security_opt),
    "Devices": refuse("--device", f"containers here may not use the machine's devices, because {_SHARED}"),
    "DeviceCgroupRules": refuse("--device-cgroup-rule", f"containers here may not use devices, because {_SHARED}"),
    "DeviceRequests": refuse("--gpus", f"containers here may not use devices, because {_SHARED}"),
    "Sysctls": refuse("--sysctl", f"it would change the kernel's settings, and {_SHARED}"),
    "GroupAdd": refuse("--group-add", _WALLS),
    "MaskedPaths": only_null("MaskedPaths", _WALLS),
    "ReadonlyPaths": only_null("ReadonlyPaths", _WALLS),
    "CgroupnsMode": read(
        options.one_of(("private",), f"--cgroupns host is not available in this playground: {_WALLS}.")
    ),
    "IpcMode": read(options.one_of(("private", "none"), f"--ipc is not available in this playground: {_WALLS}.")),
    "PidMode": refuse("--pid", f"it would show the processes of others, and {_WALLS}"),
    "UTSMode": refuse("--uts", _WALLS),
    "UsernsMode": refuse("--userns", _WALLS),
    "Cgroup": refuse("Cgroup", _WALLS),
    "Runtime": read(options.one_of(("runc",), "--runtime is not available in this playground: there is only one.")),
    "Annotations": refuse("--annotation", "they would reach the container runtime itself"),
    # Files.
    "Binds": read(mounts.binds),
    "Mounts": read(mounts.mounts),
    "Tmpfs": read(mounts.tmpfs),
    "VolumesFrom": read(mounts.volumes_from),
    "VolumeDriver": refuse("--volume-driver", "volumes here live on this machine"),
    "ReadonlyRootfs": keep(boolean),
    # Networks.
    "NetworkMode": read(options.network_mode),
    "PortBindings": read(published.bindings),
    "PublishAllPorts": read(boolean),
    "ExtraHosts": keep(options.extra_hosts),
    "Dns": refuse("--dns", "names are resolved among your own containers only"),
    "DnsOptions": refuse("--dns-option", "names are resolved among your own containers only"),
    "DnsSearch": refuse("--dns-search", "names are resolved among your own containers only"),
    "Links": refuse("--link", "it is outdated; containers on one network find each other by name"),
    # Its life.
    "AutoRemove": keep(boolean),
    "Init": keep(boolean),
    "RestartPolicy": keep(options.restart_policy),
    "ConsoleSize": force(),
    "ContainerIDFile": force(),
    # Windows.
    "CpuCount": refuse("--cpu-count", _WINDOWS),
    "CpuPercent": refuse("--cpu-percent", _WINDOWS),
    "IOMaximumIOps": refuse("--io-maxiops", _WINDOWS),
    "IOMaximumBandwidth": refuse("--io-maxbandwidth", _WINDOWS),
    "Isolation": read(options.one_of(("default",), f"--isolation is not available in this playground: {_WINDOWS}.")),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A create body that may pass, before its image is known."""

    image: str
    config: dict[str, Json]
    host: dict[str, Json]
    wants: dict[str, Json]  # inputs to the forced part
    network: str
    aliases: tuple[str, ...] = ()
    volumes: tuple[mounts.VolumeMount, ...] = ()  # without a name
    named: tuple[str, ...] = ()  # volumes

    @property
    def publishes(self) -> bool:
        return bool(self.wants.get("PortBindings") or self.wants.get("PublishAllPorts"))

    def wishes(self, image: "ImageFacts", usual: Collection[int]) -> tuple[Wish, ...]:
        """The ports to publish; `usual` are those of the seat's other containers."""
        exposed = (*self.config.get("ExposedPorts", ()), *image.exposed)
        every = self.wants.get("PublishAllPorts", False)
        return published.settled(self.wants.get("PortBindings", ()), every, exposed, usual)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What an image says itself and a container inherits; it never changes for one id."""

    working_dir: str = ""
    volumes: tuple[str, ...] = ()
    healthcheck: Json = None
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the container will stand."""

    limits: Limits
    cgroup_parent: str
    disk_quota: bool
    image_id: str
    image: ImageFacts
    labels: Mapping[str, str]  # the owner's, set last
    place: Place
    storage: Storage
    volumes: Mapping[str, str]  # the engine's names, by target


@dataclass(slots=True)
class Creation:
    body: dict[str, Json]
    warnings: list[str] = field(default_factory=list)


def read_create(body: Mapping[str, Json]) -> Asked:
    config = judge(CONFIG, body)
    host = judge(HOST_CONFIG, config.read.get("HostConfig", {}))
    network = host.read.get("NetworkMode", "default")
    aliases = _aliases(config.read.get("NetworkingConfig", {}), network)
    if "Image" not in config.read:
        raise bad("no image was given")
    if network.startswith("container:") and (host.read.get("PortBindings") or host.read.get("PublishAllPorts")):
        raise bad("conflicting options: port publishing and the container type network mode")
    volumes = tuple(config.read.get("Volumes", ()))
    named = tuple(mounts.storage(host.read, volumes, (), ()).named)
    return Asked(config.read["Image"], config.kept, host.kept, host.read, network, aliases, volumes, named)


def _aliases(networking: Mapping[str, Json], network: str) -> tuple[str, ...]:
    found: list[str] = []
    for key, endpoints in networking.items():
        if fold(key) != "endpointsconfig":
            raise Refused(403, f"{key[:60]} is not available in this playground: it is not known here.")
        for name, endpoint in (mapping(endpoints, key) if endpoints else {}).items():
            if name != network:
                raise bad("a container starts on the one network that --network names")
            found += read_endpoint(mapping(endpoint or {}, name))
    if found and not options.is_own_network(network):
        raise bad("network-scoped alias is supported only for containers in user defined networks")
    return tuple(found)


def write_create(asked: Asked, ground: Ground) -> Creation:
    creation = Creation({})
    working_directory(asked.config.get("WorkingDir") or ground.image.working_dir or "/", "WorkingDir")
    forced = {**WALLS, **resources(asked.wants, ground.limits, creation.warnings)}
    forced |= {"CgroupParent": ground.cgroup_parent, "NetworkMode": ground.place.mode}
    if ground.place.shares:
        del forced["Dns"]
    if ground.disk_quota:
        forced["StorageOpt"] = {"size": str(ground.limits.container_disk)}
    stored = {"Tmpfs": ground.storage.tmpfs, "Mounts": mounts.write_mounts(ground.storage, ground.volumes)}
    creation.body = {
        **asked.config,
        "Image": ground.image_id,
        "Labels": {**asked.config.get("Labels", {}), **ground.labels},
        "HostConfig": {**asked.host, **forced, **stored},
    }
    if endpoints := ground.place.endpoints():
        creation.body["NetworkingConfig"] = endpoints
    if "Healthcheck" not in asked.config and ground.image.healthcheck:
        creation.body["Healthcheck"] = _inherited_healthcheck(ground.image.healthcheck)
    return creation


def _inherited_healthcheck(found: Json) -> Json:
    try:
        return options.healthcheck(found, "Healthcheck")
    except Refused:
        return {"Test": ["NONE"]}


def run_flags(asked: Asked) -> dict[str, object]:
    """What was asked, in the CLI's words, for facts."""
    flags: dict[str, object] = {
        "interactive": bool(asked.config.get("OpenStdin")),
        "tty": bool(asked.config.get("Tty")),
        "detach": not (asked.config.get("AttachStdout") or asked.config.get("AttachStdin")),
        "rm": bool(asked.host.get("AutoRemove")),
        "network": asked.network,
    }
    flags |= {"volume": list(asked.named)} if asked.named else {}
    flags |= {"network-alias": list(asked.aliases)} if asked.aliases else {}
    flags |= {"publish": published.as_typed(asked.wants["PortBindings"])} if asked.wants.get("PortBindings") else {}
    flags |= {"publish-all": True} if asked.wants.get("PublishAllPorts") else {}
    named = {"user": "User", "workdir": "WorkingDir", "hostname": "Hostname", "entrypoint": "Entrypoint", "env": "Env"}
    flags |= {flag: asked.config[name] for flag, name in named.items() if name in asked.config}
    flags |= limit_flags(asked.wants)
    if asked.host.get("RestartPolicy", {}).get("Name", "no") != "no":
        flags["restart"] = asked.host["RestartPolicy"]["Name"]
    return flags
