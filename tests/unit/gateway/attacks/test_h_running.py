"""What is asked of containers that run: exec, attach, logs, top, update. Networks and volumes:
../test_networks_and_volumes.py."""

from typing import Any

import pytest

from tests.unit.gateway.attacks.tries import is_refused, query, request, table, tried
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine

WEB = f"/v1.41/containers/{ADAS_WEB}"
TOPS = [
    "-eo pid,environ", "-eo pid,eip,esp", "aux e", "auxe", "--pid 1", "-p 1", "-C dockerd", "-U root", "$(id)", "; id",
    "-eo pid,args --sort=+pid", "-eo pid=PID", "-o user=`id`,pid", "--info", "-eo pid,%E", "-eo pid -G 0", "L",
]  # fmt: skip

CALLS = table(
    tried("options of the host's ps", 403, *(f"GET {WEB}/top?{query(ps_args=words)}" for words in TOPS)),
    tried("keys that detach", 400,
          *(f"POST {WEB}/attach?stream=1&{query(detachKeys=keys)}"
            for keys in ("\x1b", "\x1b[", "a" * 10_000, "ctrl-", "ctrl-\x00", "a,,b", "é"))),
    tried("times and numbers of logs", 400,
          *(f"GET {WEB}/logs?stdout=1&{query(**asked)}"
            for asked in ({"since": "1;x"}, {"until": "-1"},
                          {"since": "now() - 1h"}))),
    tried("signals that are none", 400,
          *(f"POST {WEB}/kill?{query(signal=word)}" for word in ("NOPE", "999", "-9", "9;id", "SIGKILL\n"))),
    tried("waits that never end as asked", 400, f"POST {WEB}/wait?condition=never", f"POST {WEB}/wait?condition=%00"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "statuses"), CALLS)
async def test_a_word_for_the_host_is_not_passed_on(
    ada: Learner, upstream: RecordingEngine, line: str, statuses: tuple[int, ...]
) -> None:
    upgrade = [b"Connection: Upgrade", b"Upgrade: tcp"] if "/attach" in line else []
    await is_refused(ada, upstream, request(line, None, *upgrade), (*statuses, 431, 400))


EXECS = table(
    tried("a privileged exec", 403,
          {"Cmd": ["id"], "Privileged": True}, {"cmd": ["id"], "privileged": True}, {"Cmd": ["id"], "PRIVILEGED": True},
          {"Cmd": ["id"], "Privileged": True, "User": "root"}),
    tried("an exec with more than it has", (400, 403),
          {"Cmd": ["id"], "User": "root\n"}, {"Cmd": ["id"], "User": "a" * 100}, {"Cmd": ["id"], "Env": ["A\0=b"]},
          {"Cmd": [], "Privileged": False}, {"Cmd": ["x" * 100_000]}, {"Cmd": ["id"], "CapAdd": ["ALL"]}),
)  # fmt: skip


@pytest.mark.parametrize(("body", "statuses"), EXECS)
async def test_an_exec_gets_no_more_than_its_container_has(
    ada: Learner, upstream: RecordingEngine, body: dict[str, Any], statuses: tuple[int, ...]
) -> None:
    await is_refused(
        ada, upstream, request(f"POST {WEB}/exec", body), (*statuses, 413) if 400 in statuses else statuses
    )


UPDATES = table(
    tried("limits raised by an update", 403,
          {"RestartPolicy": {"Name": "always"}}, {"CgroupParent": "/"}, {"cgroupparent": "/"}, {"BlkioWeight": 1000},
          {"Devices": [{"PathOnHost": "/dev/vda"}]}, {"devices": [{"pathonhost": "/dev/vda"}]},
          {"DeviceCgroupRules": ["a *:* rwm"]},
          {"CpuRealtimeRuntime": 950_000}, {"OomKillDisable": True}, {"KernelMemory": 1}, {"CpusetCpus": "0-99"},
          {"Ulimits": [{"Name": "nofile", "Soft": 1 << 20, "Hard": 1 << 20}]}, {"Privileged": True}),
)  # fmt: skip


@pytest.mark.parametrize(("body", "statuses"), UPDATES)
async def test_an_update_changes_no_wall(
    ada: Learner, upstream: RecordingEngine, body: dict[str, Any], statuses: tuple[int, ...]
) -> None:
    await is_refused(ada, upstream, request(f"POST {WEB}/update", body), statuses)


PORTS = [
    {"PortBindings": {"22/tcp": [{"HostPort": "22"}]}}, {"PublishAllPorts": True},
    {"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8000"}]}},
    {"portbindings": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": ""}]}}, {"PortBindings": {"80/tcp": None}},
]  # fmt: skip


@pytest.mark.attack("a port of the host")
@pytest.mark.parametrize("asked", PORTS)
async def test_no_port_of_the_host_is_asked_of_the_engine(
    ada: Learner, upstream: RecordingEngine, asked: dict[str, Any]
) -> None:
    """Whether it is refused, or played by the gateway itself, for which the seat's terminal would have to be there."""
    upstream.answers["GET /containers/pg-ada/json"] = (404, {"message": "No such container: pg-ada"})
    (answer,) = await ada.send(request("POST /v1.41/containers/create", {"Image": "busybox", "HostConfig": asked}))
    assert answer.status < 500
    for seen in upstream.seen:
        host = (seen.body or {}).get("HostConfig", {})
        assert not host.get("PortBindings")
        assert not host.get("PublishAllPorts")


SERVICES = table(
    tried("a swarm, its services and secrets", 503,
          "POST /v1.41/swarm/init", "POST /v1.41/swarm/join", "GET /v1.41/swarm/unlockkey", "POST /v1.41/swarm/leave",
          "POST /v1.41/services/create", "GET /v1.41/services", "POST /v1.41/configs/create", "GET /v1.41/tasks",
          "POST /v1.41/secrets/create", "GET /v1.41/secrets", "GET /v1.41/nodes", "POST /v1.41/nodes/x/update",
          "GET /v1.41/services/x/logs?stdout=1&follow=1", "DELETE /v1.41/nodes/x?force=1"),
    tried("plugins", 404,
          "POST /v1.41/plugins/pull?remote=vieux/sshfs", "GET /v1.41/plugins/privileges?remote=127.0.0.9/x",
          "POST /v1.41/plugins/create?name=x", "POST /v1.41/plugins/x/set", "POST /v1.41/plugins/x/enable",
          "POST /v1.41/plugins/x/upgrade?remote=127.0.0.9/x", "POST /v1.41/plugins/x/push",
          "DELETE /v1.41/plugins/x?force=1", "GET /v1.41/plugins/x/json"),
)  # fmt: skip
HOST_SERVICE = {
    "Name": "x",
    "TaskTemplate": {
        "ContainerSpec": {"Image": "busybox", "Mounts": [{"Type": "bind", "Source": "/", "Target": "/h"}]}
    },
}


@pytest.mark.parametrize(("line", "statuses"), SERVICES)
async def test_the_machine_joins_nothing_and_runs_nothing_for_a_learner(
    ada: Learner, upstream: RecordingEngine, line: str, statuses: tuple[int, ...]
) -> None:
    await is_refused(ada, upstream, request(line, None if line.startswith("GET") else HOST_SERVICE), statuses)
