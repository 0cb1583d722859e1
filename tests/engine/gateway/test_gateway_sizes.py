"""The real CLI over the gateway: what containers, images and volumes take of the disk."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from playground.gateway.limits import MIB
from tests.engine.gateway.learners import Learner

WRITE = "dd if=/dev/zero of={} bs=1M count=1 2>/dev/null"


@pytest.mark.usefixtures("every_cli")
async def test_a_containers_size_grows_with_what_it_writes(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    assert (await ada.ok("ps", "-a", "--size", "--format", "{{.Size}}")).startswith("0B (virtual")
    await ada.ok("exec", "web", "sh", "-c", WRITE.format("/big"))
    assert (await ada.ok("ps", "-a", "--size", "--format", "{{.Size}}")).startswith("1.05MB (virtual")
    assert await ada.ok("inspect", "-s", "-f", "{{.SizeRw}}", "web") == str(MIB)
    await ada.ok("rm", "-f", "web")


@pytest.mark.usefixtures("every_cli")
async def test_df_and_prune_tell_what_is_taken_and_what_was_given_back(ada: Learner, tmp_path: Path) -> None:
    await ada.ok("pull", "-q", "busybox")
    (tmp_path / "Dockerfile").write_text(f"FROM busybox\nRUN {WRITE.format('/big')}\n")
    await ada.ok("build", "-t", "big", str(tmp_path))
    await ada.ok("run", "-v", "data:/d", "busybox", "sh", "-c", f"{WRITE.format('/big')}; {WRITE.format('/d/big')}")
    base = int(await ada.ok("image", "inspect", "-f", "{{.Size}}", "busybox"))
    lines = [json.loads(line) for line in (await ada.ok("system", "df", "--format", "{{json .}}")).splitlines()]
    found = {line["Type"]: line for line in lines}
    assert found["Images"]["Size"] == f"{(base + MIB) / 1e6:.4g}MB"
    assert (found["Images"]["TotalCount"], found["Images"]["Active"]) == ("2", "1")
    assert "(100%)" in found["Images"]["Reclaimable"]  # the one in use has nothing that the other has not
    assert found["Containers"]["Size"] == found["Containers"]["Reclaimable"].partition(" ")[0] == "1.049MB"
    assert found["Local Volumes"]["Size"] == "1.049MB"
    assert "1.049MB" in await ada.ok("system", "df", "-v")
    await ada.ok("tag", "busybox", "big")
    pruned = await ada.ok("system", "prune", "-f", "--volumes")
    assert "Deleted Containers" in pruned
    assert "Total reclaimed space: 3.146MB" in pruned
    assert "Total reclaimed space: 0B" in await ada.ok("system", "prune", "-f")


async def test_a_container_can_be_exported(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sh", "-c", "echo hi > /page; sleep 600")
    async with ada.process("export", "web") as process:
        data, _ = await process.communicate()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        assert (tar.extractfile("page") or io.BytesIO()).read() == b"hi\n"
    web = ada.container("web")
    assert web is not None
    assert web.status == "running"
