"""The system calls that a learner's programs may make, tried from the inside of a container."""

import errno
import platform
from pathlib import Path

from tests.engine import probes
from tests.engine.gateway.learners import Learner

TRY_ALL = 'for probe in /probes/*; do $probe; echo "${probe##*/} $?"; done'
BAD_SYSTEM_CALL = 128 + 31
EXPECTED = {
    **dict.fromkeys(probes.REFUSED, errno.EPERM),
    **dict.fromkeys(probes.UNKNOWN, errno.ENOSYS),
    **dict.fromkeys(probes.ALLOWED, 0),
    **dict.fromkeys(probes.OTHER_WAYS[platform.machine()], BAD_SYSTEM_CALL),
}


async def test_what_leads_out_of_containers_is_refused_and_what_programs_need_is_not(
    ada: Learner, tmp_path: Path
) -> None:
    probes.write(tmp_path, platform.machine())
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    await ada.ok("cp", f"{tmp_path}/.", "web:/probes")
    found = dict(line.split() for line in (await ada.ok("exec", "web", "sh", "-c", TRY_ALL)).splitlines())
    assert {name: int(code) for name, code in found.items()} == EXPECTED
    assert "Seccomp:\t2" in await ada.ok("exec", "web", "cat", "/proc/self/status")


async def test_a_step_of_a_build_has_the_same_walls(ada: Learner, tmp_path: Path) -> None:
    await ada.ok("pull", "-q", "busybox")
    (tmp_path / "probes").mkdir()
    probes.write(tmp_path / "probes", platform.machine())
    (tmp_path / "Dockerfile").write_text(f"FROM busybox\nCOPY probes /probes\nRUN {TRY_ALL}\n")
    said = await ada.ok("build", str(tmp_path))
    for name, code in EXPECTED.items():
        assert f"{name} {code}\n" in said
