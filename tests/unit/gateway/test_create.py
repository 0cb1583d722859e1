"""`docker create`: the real CLI's bodies pass, what reaches for the host does not, and the walls are ours
(attacks C 31, 35 and D)."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from playground.gateway.limits import MIB, Limits
from playground.gateway.policy.create import (
    CONFIG,
    HOST_CONFIG,
    Creation,
    Ground,
    ImageFacts,
    read_create,
    run_flags,
    write_create,
)
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.mounts import VolumeMount, storage
from playground.gateway.policy.networks import Place
from playground.gateway.policy.seccomp import SECURITY_OPT

CORPUS = sorted((Path(__file__).parent / "corpus").glob("create-*.json"))
OWNER = {"playground.seat": "ada", "playground.role": "learner"}
NOWHERE = Place("none")
IMAGE_ID = "sha256:" + "1" * 64


def written(
    body: dict[str, Any], image: ImageFacts | None = None, disk_quota: bool = True, place: Place = NOWHERE
) -> Creation:
    asked, image = read_create(body), image or ImageFacts()
    stored = storage(asked.wants, asked.volumes, image.volumes, ())
    names = {mount.target: f"pg-ada-{mount.name or 'unnamed'}" for mount in stored.volumes}
    ground = Ground(Limits(), "/playground/ada", disk_quota, IMAGE_ID, image, OWNER, place, stored, names)
    return write_create(asked, ground)


def plain() -> dict[str, Any]:
    """What CLI 28.2 sends for `docker run busybox`."""
    body: dict[str, Any] = json.loads((Path(__file__).parent / "corpus" / "create-plain-28.2.2.json").read_text())
    return body


def host(**fields: Any) -> dict[str, Any]:
    body = plain()
    body["HostConfig"] |= fields
    return body


# ── What passes ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_the_body_of_a_real_cli_passes(path: Path) -> None:
    body = written(json.loads(path.read_text())).body
    assert body["Image"] == IMAGE_ID
    assert set(body) <= set(CONFIG)
    assert set(body["HostConfig"]) <= set(HOST_CONFIG)


def test_what_a_learner_may_choose_is_kept() -> None:
    body = written(json.loads(CORPUS[1].read_text())).body
    assert CORPUS[1].stem == "create-options-28.2.2"
    chosen = {
        "User": "1000:1000", "Env": ["A=b"], "Cmd": ["-c", "echo hi"], "Entrypoint": ["sh"], "WorkingDir": "/tmp",
        "Hostname": "h", "Tty": True, "OpenStdin": True, "StopSignal": "INT", "StopTimeout": 5,
        "ExposedPorts": {"80/tcp": {}}, "Labels": {"x": "y", **OWNER},
    }  # fmt: skip
    assert {key: body[key] for key in chosen} == chosen
    within = {"Memory": 32 * MIB, "NanoCpus": 250_000_000, "PidsLimit": 20, "ShmSize": 4 * MIB, "ReadonlyRootfs": True}
    assert {key: body["HostConfig"][key] for key in within} == within
    assert {"Name": "nofile", "Soft": 100, "Hard": 200} in body["HostConfig"]["Ulimits"]


def test_every_container_stands_behind_the_same_walls() -> None:
    given = written(plain()).body["HostConfig"]
    walls = {
        "CapDrop": ["ALL"], "SecurityOpt": list(SECURITY_OPT), "CgroupnsMode": "private", "IpcMode": "private",
        "NetworkMode": "none", "CgroupParent": "/playground/ada", "OomScoreAdj": 500, "OomKillDisable": False,
        "Memory": 64 * MIB, "MemorySwap": 64 * MIB, "NanoCpus": 500_000_000, "PidsLimit": 64, "ShmSize": 8 * MIB,
        "Dns": ["127.0.0.1"], "StorageOpt": {"size": str(64 * MIB)},
        "LogConfig": {"Type": "json-file", "Config": {"max-size": str(MIB), "max-file": "1"}},
    }  # fmt: skip
    assert {key: given[key] for key in walls} == walls


def test_without_a_disk_quota_none_is_asked_for() -> None:
    assert "StorageOpt" not in written(plain(), disk_quota=False).body["HostConfig"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({"Memory": 10 * 1024 * MIB}, {"Memory": 256 * MIB, "MemorySwap": 256 * MIB}),
        ({"Memory": 64 * MIB, "MemorySwap": -1}, {"MemorySwap": 64 * MIB}),
        ({"NanoCpus": 8_000_000_000}, {"NanoCpus": 500_000_000}),
        ({"CpuQuota": 25_000, "CpuPeriod": 100_000}, {"NanoCpus": 250_000_000}),
        ({"PidsLimit": -1}, {"PidsLimit": 64}),
        ({"PidsLimit": None}, {"PidsLimit": 64}),
        ({"OomScoreAdj": -1000}, {"OomScoreAdj": 500}),
        ({"ShmSize": 1024 * MIB}, {"ShmSize": 8 * MIB}),
        ({"RestartPolicy": {"Name": "on-failure"}}, {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}}),
        ({"CapDrop": ["NET_RAW"]}, {"CapDrop": ["ALL"]}),
    ],
)
def test_a_limit_is_held_within_the_seats(asked: dict[str, Any], given: dict[str, Any]) -> None:
    body = written(host(**asked)).body["HostConfig"]
    assert {key: body[key] for key in given} == given


def test_a_limit_that_was_cut_is_told() -> None:
    assert written(host(Memory=1024 * MIB)).warnings == ["All of your containers together may use 256 MiB of memory."]


@pytest.mark.parametrize("options", ["", "size=10g", "rw,exec,suid,dev,size=1g"])
def test_a_tmpfs_is_bounded_whatever_its_options(options: str) -> None:
    given = written(host(Tmpfs={"/scratch": options})).body["HostConfig"]["Tmpfs"]
    assert given == {"/scratch": f"rw,nosuid,nodev,size={16 * MIB},nr_inodes=4096"}


def mount(target: str, name: str = "unnamed", read_only: bool = False) -> dict[str, Any]:
    return {"Type": "volume", "Source": f"pg-ada-{name}", "Target": target, "ReadOnly": read_only}


def test_an_images_volumes_and_unnamed_ones_become_volumes_of_the_seats() -> None:
    asked = plain() | {"Volumes": {"/more/../more": {}}}
    assert written(asked, ImageFacts(volumes=("/data/",))).body["HostConfig"]["Mounts"] == [
        mount("/more"),
        mount("/data"),
    ]
    assert "Volumes" not in written(asked).body


def test_volumes_are_mounted_by_the_seats_names_and_take_an_images_place() -> None:
    asked = host(Binds=["db:/data", "logs:/log:ro"], Mounts=[{"Type": "volume", "Source": "x1", "Target": "/x"}])
    given = written(asked, ImageFacts(volumes=("/data",))).body["HostConfig"]
    assert given["Mounts"] == [mount("/data", "db"), mount("/log", "logs", read_only=True), mount("/x", "x1")]
    assert "Binds" not in given


def test_a_tmpfs_in_the_place_of_an_images_volume_keeps_the_engine_from_making_one() -> None:
    given = written(host(Tmpfs={"/data": ""}), ImageFacts(volumes=("/data",))).body["HostConfig"]
    options = {"SizeBytes": 16 * MIB}
    assert (given["Mounts"], given["Tmpfs"]) == (
        [{"Type": "tmpfs", "Target": "/data", "TmpfsOptions": options}],
        {},
    )


def test_what_was_named_comes_before_what_another_container_has() -> None:
    asked = read_create(host(Binds=["mine:/data"], VolumesFrom=["web:ro"]))
    assert asked.wants["VolumesFrom"] == [("web", True)]
    borrowed = [VolumeMount("/data", "theirs"), VolumeMount("/log", "theirs")]
    found = storage(asked.wants, asked.volumes, ("/log",), borrowed)
    assert [(one.target, one.name) for one in found.volumes] == [("/data", "mine"), ("/log", "theirs")]


def test_a_container_has_one_endpoint_with_its_own_name_first() -> None:
    body = written(plain(), place=Place("f" * 64, ("web", "www"))).body
    assert body["HostConfig"]["NetworkMode"] == "f" * 64
    assert body["NetworkingConfig"] == {"EndpointsConfig": {"f" * 64: {"Aliases": ["web", "www"]}}}
    assert body["HostConfig"]["Dns"] == ["127.0.0.1"]


def test_a_container_in_anothers_network_takes_its_resolver() -> None:
    given = written(plain(), place=Place("container:" + "e" * 64)).body
    assert "Dns" not in given["HostConfig"]
    assert "NetworkingConfig" not in given


def test_an_image_cannot_start_a_container_inside_of_the_kernels_files() -> None:
    with pytest.raises(Refused, match="WorkingDir may not lie under /proc"):
        written(plain(), ImageFacts(working_dir="/proc/self/fd/8"))


def test_an_images_health_check_that_runs_all_the_time_is_switched_off() -> None:
    busy = {"Test": ["CMD", "true"], "Interval": 1_000_000}
    assert written(plain(), ImageFacts(healthcheck=busy)).body["Healthcheck"] == {"Test": ["NONE"]}


def test_a_fact_of_a_run_has_the_clis_words() -> None:
    flags = run_flags(read_create(json.loads(CORPUS[1].read_text())))
    assert flags["interactive"]
    assert flags["tty"]
    assert flags["rm"]
    assert not flags["detach"]


# ── What does not ────────────────────────────────────────────────────────────────────────────────────────────────

BIND = {"Type": "bind", "Source": "/", "Target": "/h"}
HOST_MOUNT = {
    "Type": "volume", "Source": "v", "Target": "/h",
    "VolumeOptions": {"DriverConfig": {"Options": {"type": "none", "o": "bind", "device": "/"}}},
}  # fmt: skip
REACHES = [
    {"Privileged": True},
    {"Binds": ["/:/h"]}, {"Binds": ["/var/run/docker.sock:/var/run/docker.sock"]}, {"Binds": ["../x:/h"]},
    {"Binds": ["data:/h:z"]}, {"Binds": ["/:/h:ro,rslave"]},
    {"Mounts": [BIND]}, {"Mounts": [HOST_MOUNT]}, {"Mounts": [{"type": "BIND", "Source": "/", "Target": "/h"}]},
    {"Mounts": [{"Type": "npipe"}]}, {"Mounts": [{"Type": "image", "Source": "x"}]}, {"Mounts": [{"Type": ""}]},
    {"Mounts": [{"Type": "tmpfs", "Target": "/x", "BindOptions": {"Propagation": "rshared"}}]},
    {"VolumeDriver": "x"}, {"Mounts": [{"Type": "volume", "Source": "/etc", "Target": "/h"}]},
    {"PidMode": "host"}, {"NetworkMode": "host"}, {"IpcMode": "host"}, {"UTSMode": "host"}, {"UsernsMode": "host"},
    {"CgroupnsMode": "host"}, {"PidMode": "container:web"}, {"IpcMode": "shareable"}, {"Cgroup": "x"},
    {"CapAdd": ["SYS_ADMIN"]}, {"CapAdd": ["ALL"]}, {"CapAdd": ["cap_sys_ptrace"]}, {"CapAdd": ["Net_Admin"]},
    {"Devices": [{"PathOnHost": "/dev/vda", "PathInContainer": "/dev/vda", "CgroupPermissions": "rwm"}]},
    {"DeviceRequests": [{"Driver": "", "Count": -1, "Capabilities": [["gpu"]]}]}, {"DeviceCgroupRules": ["b *:* rwm"]},
    {"SecurityOpt": ["seccomp=unconfined"]}, {"SecurityOpt": ["apparmor=unconfined"]},
    {"SecurityOpt": ["label=disable"]}, {"SecurityOpt": ["no-new-privileges", "no-new-privileges:false"]},
    {"SecurityOpt": ["systempaths=unconfined"]},
    {"MaskedPaths": []}, {"ReadonlyPaths": []}, {"MaskedPaths": ["/x"]},
    {"Sysctls": {"kernel.core_pattern": "|/x"}}, {"Sysctls": {"net.ipv4.ip_forward": "1"}},
    {"LogConfig": {"Type": "syslog", "Config": {"syslog-address": "tcp://127.0.0.9:514"}}},
    {"LogConfig": {"Type": "json-file", "Config": {"path": "/x"}}}, {"LogConfig": {"Type": "journald", "Config": {}}},
    {"StorageOpt": {"size": "100G"}}, {"OomKillDisable": True}, {"CpuRealtimeRuntime": 950_000},
    {"CgroupParent": "/../../x"}, {"Runtime": "other"}, {"GroupAdd": ["0"]}, {"Links": ["web:db"]},
    {"Annotations": {"x": "y"}}, {"Dns": ["192.0.2.1"]}, {"Ulimits": [{"Name": "nproc", "Soft": 1, "Hard": 1}]},
    {"RestartPolicy": {"Name": "always"}}, {"RestartPolicy": {"Name": "unless-stopped"}},
    {"PortBindings": {"53/udp": [{"HostPort": "53"}]}}, {"CpusetCpus": "0"},
    {"BlkioWeight": 500}, {"KernelMemory": 1}, {"IOMaximumIOps": 1}, {"Isolation": "hyperv"}, {"Unheard": 1},
]  # fmt: skip


@pytest.mark.parametrize("fields", REACHES, ids=lambda fields: json.dumps(fields)[:60])
def test_what_reaches_for_the_host_or_for_others_is_refused_with_a_sentence(fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        read_create(host(**fields))
    assert refusal.value.status == 403
    assert (
        "playground" in refusal.value.message or "because" in refusal.value.message or "here" in refusal.value.message
    )


def test_a_hostname_may_be_a_whole_name() -> None:
    assert written(plain() | {"Hostname": "web.example.org"}).body["Hostname"] == "web.example.org"


@pytest.mark.parametrize(
    "disguise",
    [
        lambda body: body | {"hostconfig": {"privileged": True}},
        lambda body: body | {"Ho\u017ftConfig": {"Privileged": True}},
        lambda body: {"Image": "busybox", "Privileged": True, "Binds": ["/:/h"]},
        lambda body: body | {"HostConfig": {"PRIVILEGED": True}},
        lambda body: body | {"HostConfig": {"Networ\u212aMode": "host"}},
        lambda body: body | {"Cpuset": "0"},
    ],
)
def test_a_disguise_does_not_help(disguise: Any) -> None:
    body = {key: value for key, value in plain().items() if key != "HostConfig"}
    with pytest.raises(Refused) as refusal:
        read_create(disguise(body))
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("OnBuild", ["RUN x"]), ("MacAddress", "02:42:ac:11:00:02"), ("NetworkDisabled", True), ("Shell", ["sh"]),
        ("Domainname", "example.org"),
        ("Volumes", {"/proc/x": {}}), ("WorkingDir", "/proc/self/fd/8"), ("WorkingDir", "/tmp/../proc"),
        ("Labels", {"playground.seat": "ben"}), ("Labels", {"Playground.Seat": "ben"}),
        ("Healthcheck", {"Test": ["CMD", "true"], "Interval": 1_000_000}),
        ("NetworkingConfig", {"EndpointsConfig": {"default": {"IPAMConfig": {"IPv4Address": "192.0.2.2"}}}}),
        ("NetworkingConfig", {"EndpointsConfig": {"default": {"DriverOpts": {"x": "y"}}}}),
        ("NetworkingConfig", {"Other": {"x": 1}}),
    ],
)  # fmt: skip
def test_a_config_that_reaches_further_is_refused(field: str, value: Any) -> None:
    with pytest.raises(Refused) as refusal:
        read_create(plain() | {field: value})
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Image", ""), ("Image", 1), ("Image", "a\nb"), ("Cmd", [1]), ("Cmd", ["a"] * 100), ("Cmd", ["\0"]),
        ("Env", "A" * 9000),
        ("User", "a b"), ("WorkingDir", "tmp"), ("Hostname", "a\nb"), ("Hostname", "-a"), ("Tty", "yes"), ("Tty", 1),
        ("StopSignal", "NOPE"), ("Labels", {"a": 1}), ("Labels", {str(i): "x" for i in range(40)}),
        ("ExposedPorts", {"x": {}}),
        ("HostConfig", [1]), ("HostConfig", {"Memory": 16777216.0}), ("HostConfig", {"Memory": "1g"}),
        ("HostConfig", {"Memory": 2**63}), ("HostConfig", {"Binds": {"a": 1}}), ("HostConfig", {"Binds": [1]}),
        ("HostConfig", {"Tmpfs": {"relative": ""}}), ("HostConfig", {"Tmpfs": {f"/{i}": "" for i in range(9)}}),
        ("HostConfig", {"ExtraHosts": ["a:host-gateway"]}), ("HostConfig", {"ExtraHosts": ["a\nb:1.2.3.4"]}),
        ("HostConfig", {"Binds": ["data:/"]}), ("HostConfig", {"Binds": ["data:h"]}),
        ("HostConfig", {"Binds": ["a\0:/h"]}),
        ("HostConfig", {"Binds": ["a1:/h", "b1:/h"]}), ("HostConfig", {"VolumesFrom": ["web:x"]}),
        ("HostConfig", {"NetworkMode": "a b"}), ("HostConfig", {"NetworkMode": ["none"]}),
        ("NetworkingConfig", {"EndpointsConfig": {"default": {"Aliases": ["www"]}}}),
        ("HostConfig", {"Mounts": ["x"]}), ("NetworkingConfig", {"EndpointsConfig": {"a": {}, "default": {}}}),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_a_bad_request(field: str, value: Any) -> None:
    with pytest.raises(Refused) as refusal:
        read_create(plain() | {field: value})
    assert refusal.value.status == 400


def test_less_memory_than_the_engine_can_give_is_a_bad_request() -> None:
    with pytest.raises(Refused, match="Minimum memory limit allowed is 6MB"):
        written(host(Memory=MIB))


def test_a_mount_of_the_host_is_refused_in_one_friendly_sentence() -> None:
    with pytest.raises(Refused) as refusal:
        read_create(host(Binds=["/:/host"]))
    assert refusal.value.message == (
        "containers here may not mount the host's files, because the host belongs to everyone; "
        "try a named volume instead, like -v mydata:/data."
    )


def test_a_refused_body_is_not_changed() -> None:
    body = host(Privileged=True)
    before = copy.deepcopy(body)
    with pytest.raises(Refused):
        read_create(body)
    assert body == before
