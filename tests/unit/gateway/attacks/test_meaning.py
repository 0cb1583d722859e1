"""A body of `docker create` either means upstream what it said, or it is refused.

This page says for itself what a body means to an engine, which reads keys in any letters, and what a container may
have; it does not look at the gateway's own table of fields.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from posixpath import normpath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.gateway.limits import MIB
from tests.unit.gateway.test_fuzz import EXAMPLES, Bench, no_error_in_the_gateway  # noqa: F401 (is used by itself)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench.opened() as bench:
        yield bench


def nothing(value: Any) -> bool:
    return value is None or value in ("", 0, False, [], {}) or value == [""]


def is_in(*allowed: Any) -> Callable[[Any], bool]:
    return lambda value: value in allowed


def own_mounts(value: Any) -> bool:
    return all(
        mount["Type"] == "tmpfs" or (mount["Type"] == "volume" and mount["Source"].startswith("pg-ada-"))
        for mount in value
    ) and all(set(mount) <= {"Type", "Source", "Target", "ReadOnly", "TmpfsOptions"} for mount in value)


ULIMITS = {"nofile": 512, "core": 0, "memlock": 65536, "msgqueue": 65536, "nice": 0, "rtprio": 0, "fsize": 64 * MIB}


def is_deny_by_default(option: str) -> bool:
    return bool(json.loads(option.removeprefix("seccomp="))["defaultAction"] == "SCMP_ACT_ERRNO")


# What a container of a learner's may have upstream: anything else, by any name, is a hole.
MAY_HAVE: Mapping[str, Callable[[Any], bool]] = {
    "CapDrop": is_in(["ALL"]),
    "SecurityOpt": lambda value: value[0] == "no-new-privileges" and all(map(is_deny_by_default, value[1:])),
    "CgroupParent": is_in("/playground/ada"),
    "CgroupnsMode": is_in("private"),
    "IpcMode": is_in("private"),
    "NetworkMode": lambda value: value == "none" or len(value.removeprefix("container:")) == 64,
    "Dns": is_in(["127.0.0.1"]),
    "Memory": lambda value: 6 * MIB <= value <= 256 * MIB,
    "MemorySwap": lambda value: 6 * MIB <= value <= 256 * MIB,
    "MemoryReservation": lambda value: 0 <= value <= 256 * MIB,
    "MemorySwappiness": lambda value: value is None or -1 <= value <= 100,
    "NanoCpus": lambda value: 0 < value <= 500_000_000,
    "CpuShares": lambda value: 0 <= value <= 1024,
    "PidsLimit": lambda value: 0 < value <= 64,
    "ShmSize": lambda value: 0 < value <= 64 * MIB,
    "OomScoreAdj": is_in(500),
    "OomKillDisable": is_in(False),
    "LogConfig": is_in({"Type": "json-file", "Config": {"max-size": str(MIB), "max-file": "1"}}),
    "Ulimits": lambda value: all(limit["Soft"] <= limit["Hard"] <= ULIMITS[limit["Name"]] for limit in value),
    "Mounts": own_mounts,
    "Tmpfs": lambda value: all("nosuid,nodev,size=16777216" in options for options in value.values()),
    "RestartPolicy": lambda value: value["Name"] in ("", "no") or 0 < value.get("MaximumRetryCount", 0) <= 3,
    "ReadonlyRootfs": is_in(True, False),
    "AutoRemove": is_in(True, False),
    "Init": is_in(True, False, None),
    "ExtraHosts": lambda value: not any("host-gateway" in line for line in value),
}
# What means the same upstream, to the letter.
SAME = ("Cmd", "Entrypoint", "Env", "User", "WorkingDir", "Hostname", "Tty", "OpenStdin", "StopSignal", "ExposedPorts")
HOSTS_SAME = ("ReadonlyRootfs", "AutoRemove", "Init", "ExtraHosts")
LESS = ("Memory", "PidsLimit", "NanoCpus")  # may be less than was asked for, never more

PATHS = st.sampled_from(["/data", "/", "/proc/x", "/etc/../srv", "d", "/a b"])
SOURCES = st.sampled_from(["data", "/", "/etc", "../x", "pg-ben-bens", "v1", "", "data:"])
CONFIG: dict[str, st.SearchStrategy[Any]] = {
    "Cmd": st.lists(st.text("ab\0 é", max_size=4), max_size=2),
    "Entrypoint": st.none() | st.lists(st.sampled_from(["sh", "-c"]), max_size=2),
    "Env": st.lists(st.sampled_from(["A=b", "PATH=/", "x", "A\0=c"]), max_size=2),
    "User": st.sampled_from(["", "0", "root", "1000:1000", "a b", "-1"]),
    "WorkingDir": PATHS,
    "Hostname": st.sampled_from(["web", "", "-a", "a.b"]),
    "Tty": st.booleans() | st.just("yes"),
    "OpenStdin": st.booleans(),
    "StopSignal": st.sampled_from(["", "TERM", "SIGKILL", "NOPE", "9"]),
    "ExposedPorts": st.sampled_from([None, {}, {"80/tcp": {}}, {"x": {}}]),
    "Labels": st.dictionaries(st.sampled_from(["a", "tier", "playground.seat"]), st.text("ab", max_size=2)),
    "Volumes": st.sampled_from([None, {}, {"/data": {}}, {"/proc/x": {}}]),
    "MacAddress": st.sampled_from(["", "02:42:ac:11:00:02"]),
    "Healthcheck": st.sampled_from([None, {}, {"Test": ["NONE"]}, {"Test": ["CMD", "x"], "Interval": 1}]),
    "Privileged": st.booleans(),
    "Binds": st.just(["/:/h"]),
    "Unheard": st.sampled_from([None, 0, 1, {"a": [1]}]),
}  # fmt: skip
HOST: dict[str, st.SearchStrategy[Any]] = {
    "Memory": st.integers(-1, 2**40) | st.sampled_from([0, 8 * MIB, 16 * MIB, 1.5, "1g", 2**64]),
    "MemorySwap": st.integers(-1, 2**40),
    "PidsLimit": st.none() | st.integers(-1, 10**6),
    "NanoCpus": st.integers(10**7, 10**11) | st.just(-1),
    "Binds": st.lists(st.builds("{}:{}".format, SOURCES, PATHS), max_size=2),
    "Mounts": st.lists(
        st.fixed_dictionaries(
            {"Type": st.sampled_from(["bind", "volume", "tmpfs", "npipe", ""]), "Source": SOURCES, "Target": PATHS},
            optional={"VolumeOptions": st.sampled_from([{}, {"DriverConfig": {"Options": {"device": "/"}}}])},
        ),
        max_size=2,
    ),
    "Tmpfs": st.dictionaries(PATHS, st.sampled_from(["", "size=10g,exec", "mode=777"]), max_size=1),
    "NetworkMode": st.sampled_from(["none", "default", "bridge", "host", "", "container:web", "container:x", "ns:/x"]),
    "CapAdd": st.sampled_from([None, [], ["ALL"], ["chown"]]),
    "CapDrop": st.sampled_from([None, ["ALL"], ["chown"]]),
    "SecurityOpt": st.sampled_from([None, [], ["no-new-privileges"], ["seccomp=unconfined"]]),
    "PidMode": st.sampled_from(["", "host", "container:web"]),
    "IpcMode": st.sampled_from(["", "private", "host", "none"]),
    "CgroupParent": st.sampled_from(["", "/", "x"]),
    "RestartPolicy": st.sampled_from([None, {}, {"Name": "always"}, {"Name": "on-failure", "MaximumRetryCount": 99}]),
    "LogConfig": st.sampled_from([None, {}, {"Type": "syslog"}, {"Type": "json-file", "Config": {"max-size": "9g"}}]),
    "Ulimits": st.sampled_from([None, [], [{"Name": "nofile", "Soft": 10**6, "Hard": 10**6}], [{"Name": "rtprio"}]]),
    "ReadonlyRootfs": st.booleans(),
    "AutoRemove": st.booleans(),
    "Init": st.none() | st.booleans(),
    "Privileged": st.sampled_from([False, False, True, None]),
    "ExtraHosts": st.sampled_from([None, ["a:127.0.0.1"], ["a:host-gateway"]]),
    "OomScoreAdj": st.integers(-1000, 1000),
    "Devices": st.sampled_from([None, [], [{"PathOnHost": "/dev/null"}]]),
    "MaskedPaths": st.sampled_from([None, []]),
    "Runtime": st.sampled_from(["", "runc", "x"]),
    "StorageOpt": st.sampled_from([None, {}, {"size": "1t"}]),
}  # fmt: skip


def some_of(fields: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[dict[str, Any]]:
    """A few of the fields, their keys in any letters."""
    spelled = st.sampled_from([str, str, str, str.lower, str.upper])
    return st.lists(st.sampled_from(sorted(fields)), max_size=most, unique=True).flatmap(
        lambda keys: st.tuples(*(st.tuples(spelled, st.just(key), fields[key]) for key in keys)).map(
            lambda found: {spell(key): value for spell, key, value in found}
        )
    )


@pytest.mark.attack("any body of a create")
@given(config=some_of(CONFIG, 4), host=some_of(HOST, 4), spell=st.sampled_from([str, str.lower]))
@settings(EXAMPLES, max_examples=200)
def test_a_create_means_the_same_upstream_or_is_refused(
    bench: Bench, config: dict[str, Any], host: dict[str, Any], spell: Callable[[str], str]
) -> None:
    asked = {spell("Image"): "busybox", spell("HostConfig"): host} | config
    bench.engine.seen.clear()
    data = json.dumps(asked).encode()
    (answer,) = bench.send(
        b"POST /containers/create HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
        % (len(data), data)
    )
    made = [seen.body for seen in bench.engine.seen if seen.line == "POST /v1.41/containers/create"]
    if answer.status != 201:
        assert (400 <= answer.status < 500, made) == (True, [])
        return
    bench.send(f"DELETE /containers/{answer.json['Id']}?force=1&v=1 HTTP/1.1\r\nHost: d\r\n\r\n".encode())
    (body,) = made
    stands_behind_the_walls(body)
    means_the_same(body, config, host)


def stands_behind_the_walls(body: dict[str, Any]) -> None:
    for key, value in body["HostConfig"].items():
        assert key in MAY_HAVE, key
        assert MAY_HAVE[key](value), (key, value)
    assert {"Privileged", "Binds", "MacAddress", "Volumes"}.isdisjoint(body)
    assert (body["Labels"]["playground.seat"], body["Labels"]["playground.role"]) == ("ada", "learner")
    assert not body.get("WorkingDir", "").startswith(("/proc", "/sys", "/dev"))
    assert body.get("Healthcheck") in (None, {"Test": ["NONE"]}, {}) or body["Healthcheck"]["Interval"] >= 10**10


def means_the_same(body: dict[str, Any], config: dict[str, Any], host: dict[str, Any]) -> None:
    config_means_the_same(body, config)
    host_means_the_same(body["HostConfig"], host)


def config_means_the_same(body: dict[str, Any], config: dict[str, Any]) -> None:
    wanted: dict[str, Any] = {key.lower(): value for key, value in config.items()}
    for key in SAME:
        if not nothing(value := wanted.get(key.lower())):
            assert body[key] == (normpath(str(value)) if key == "WorkingDir" else value), key
    for key, value in (wanted.get("labels") or {}).items():
        assert body["Labels"][key] == value
    for key in ("unheard", "privileged", "binds", "macaddress"):
        assert nothing(wanted.get(key)), key


def host_means_the_same(body: dict[str, Any], host: dict[str, Any]) -> None:
    given: dict[str, Any] = {key.lower(): value for key, value in host.items()}
    for key in HOSTS_SAME:
        if not nothing(value := given.get(key.lower())):
            assert body[key] == value, key
    for key in LESS:
        if (value := given.get(key.lower())) and value > 0:
            assert body[key] <= value, key
    targets = [mount["Target"] for mount in body["Mounts"]]
    for bind in given.get("binds") or ():
        assert bind.rpartition(":")[0] in ("data", "v1", "pg-ben-bens")  # names, which become names of ours
        assert len(targets) > 0
    for key in ("privileged", "capadd", "pidmode", "cgroupparent", "devices", "storageopt"):
        assert nothing(given.get(key)), key
    assert given.get("maskedpaths") is None
