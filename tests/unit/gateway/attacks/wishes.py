"""What an attacker puts into `docker create` to get at the machine, by attack: parts of the body. Each of them is sent
to the gateway before an engine that records, and to a real engine with and without the gateway."""

from collections.abc import Mapping, Sequence
from typing import Any

Wish = dict[str, Any]


def host(**fields: Any) -> Wish:
    return {"HostConfig": fields}


def bind(source: str, **more: Any) -> Wish:
    return {"Type": "bind", "Source": source, "Target": "/h"} | more


def local(**options: str) -> Wish:
    """A volume that the local driver would make of anything that can be mounted."""
    driver = {"Name": "local", "Options": options}
    return {"Type": "volume", "Source": "attack-v1", "Target": "/h", "VolumeOptions": {"DriverConfig": driver}}


HOST_WISHES: Mapping[str, Sequence[Wish]] = {
    "a privileged container": [host(Privileged=True), host(Privileged=True, UsernsMode="host")],
    "a mount of the host": [
        host(Binds=["/:/h"]), host(Binds=["/etc:/h:ro"]), host(Binds=["/:/h:rslave"]), host(Binds=["/:/h:ro,z"]),
    ],
    "the engine's own socket": [
        host(Binds=["/var/run/docker.sock:/var/run/docker.sock"]), host(Mounts=[bind("/var/run/docker.sock")]),
    ],
    "a mount in the other field": [
        host(Mounts=[bind("/")]), host(Mounts=[bind("/", Type="BIND")]),
        host(Mounts=[bind("/", BindOptions={"Propagation": "rshared"})]),
        host(Mounts=[{"Type": "tmpfs", "Target": "/t"}, bind("/")]),
    ],
    "a mount dressed as a volume": [
        host(Mounts=[local(type="none", o="bind", device="/")]),
        host(Mounts=[local(type="ext4", device="/dev/vda")]),
        host(Mounts=[local(type="nfs", o="addr=127.0.0.9", device=":/")]),
    ],
    "another volume driver": [host(VolumeDriver="nope", Binds=["attack-v1:/h"])],
    "the host's name spaces": [
        host(PidMode="host", UsernsMode="host"), host(NetworkMode="host", UsernsMode="host"), host(IpcMode="host"),
        host(UTSMode="host"), host(UsernsMode="host"), host(CgroupnsMode="host"), host(IpcMode="shareable"),
    ],
    "the kernel's rights": [
        host(CapAdd=["SYS_ADMIN"]), host(CapAdd=["ALL"]), host(CapAdd=["cap_sys_ptrace"]), host(CapAdd=["Net_Admin"]),
        host(CapAdd=["CAP_SYS_MODULE"]), host(GroupAdd=["0"]),
    ],
    "the host's devices": [
        host(Devices=[{"PathOnHost": "/dev/null", "PathInContainer": "/dev/x", "CgroupPermissions": "rwm"}]),
        host(DeviceCgroupRules=["b *:* rwm"]),
        host(DeviceRequests=[{"Driver": "", "Count": -1, "Capabilities": [["gpu"]]}]),
    ],
    "no seccomp, no AppArmor": [
        host(SecurityOpt=["seccomp=unconfined"]), host(SecurityOpt=["apparmor=unconfined"]),
        host(SecurityOpt=["label=disable"]), host(SecurityOpt=["systempaths=unconfined"]),
        host(SecurityOpt=["no-new-privileges:false"]),
    ],
    "the kernel's hidden files": [host(MaskedPaths=[]), host(ReadonlyPaths=[]), host(MaskedPaths=[], ReadonlyPaths=[])],
    "settings of the kernel": [
        host(Sysctls={"net.ipv4.ip_forward": "1"}), host(Sysctls={"kernel.core_pattern": "|/x"}),
        host(Sysctls={"kernel.shm_rmid_forced": "1"}),
    ],
    "logs to elsewhere": [
        host(LogConfig={"Type": "syslog", "Config": {"syslog-address": "udp://127.0.0.9:514"}}),
        host(LogConfig={"Type": "journald"}), host(LogConfig={"Type": "json-file", "Config": {"path": "/x"}}),
        host(LogConfig={"Type": "json-file", "Config": {"max-size": "100g"}}),
    ],
    "more disk, no death by memory": [
        host(StorageOpt={"size": "100G"}), host(OomKillDisable=True, Memory=16777216),
        host(CpuRealtimeRuntime=950_000), host(KernelMemory=1 << 30),
    ],
    "a group of processes elsewhere": [
        host(CgroupParent="/"), host(CgroupParent="/../../x"), host(CgroupParent="/playground/ben"),
        host(Cgroup="container:x"),
    ],
    "another program to run containers": [host(Runtime="other"), host(Runtime="io.containerd.runc.v2")],
    "restarts without end": [
        host(RestartPolicy={"Name": "always"}), host(RestartPolicy={"Name": "unless-stopped"}),
    ],
    "a health check that runs all the time": [
        {"Healthcheck": {"Test": ["CMD", "true"], "Interval": 1_000_000}},
        {"Healthcheck": {"Test": ["CMD-SHELL", "true"], "Interval": 1_000_000_000, "Retries": 1}},
    ],
    "the mark of another learner": [
        {"Labels": {"playground.seat": "ben"}}, {"Labels": {"Playground.Role": "terminal"}},
    ],
    "an address of one's own choice": [
        {"MacAddress": "02:42:ac:11:00:02"}, host(Dns=["127.0.0.9"]), host(Links=["web:db"]),
        {"NetworkingConfig": {"EndpointsConfig": {"default": {"IPAMConfig": {"IPv4Address": "172.17.0.1"}}}}},
        {"NetworkingConfig": {"EndpointsConfig": {"default": {"DriverOpts": {"a": "b"}}}}},
        {"NetworkingConfig": {"EndpointsConfig": {"default": {"MacAddress": "02:42:ac:11:00:02"}}}},
    ],
}  # fmt: skip
