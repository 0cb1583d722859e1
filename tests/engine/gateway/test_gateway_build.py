"""The real CLI over the gateway: docker build, with the classic builder's words (attacks E 86, G 106-112, 116)."""

import asyncio
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.gateway.catalogue import Catalogue
from playground.gateway.limits import Limits
from playground.gateway.server import Gateway
from tests.engine.gateway.learners import Learner, Ran


@pytest.fixture
def limits() -> Limits:
    return Limits(build_time=30.0)


@pytest.fixture(autouse=True)
def classic(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a seat."""
    monkeypatch.setattr(Learner, "environment", _with_classic_builder(Learner.environment))


def _with_classic_builder(plain: Callable[[Learner], dict[str, str]]) -> Callable[[Learner], dict[str, str]]:
    return lambda learner: plain(learner) | {"DOCKER_BUILDKIT": "0"}


async def build(learner: Learner, folder: Path, dockerfile: str, *words: str) -> Ran:
    (folder / "Dockerfile").write_text(dockerfile)
    return await learner.docker("build", *words, str(folder))


async def built(learner: Learner, folder: Path, dockerfile: str, *words: str) -> str:
    ran = await build(learner, folder, dockerfile, *words)
    assert ran.code == 0, ran
    return ran.out


@pytest.mark.usefixtures("every_cli")
async def test_a_build_says_what_the_classic_builder_says(ada: Learner, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("hi\n")
    lines = (
        await built(
            ada,
            tmp_path,
            "FROM busybox\nCOPY page /srv/\nRUN cat /srv/page\nCMD cat /srv/page\n",
            "-t",
            "web",
            "-t",
            "web:2",
        )
    ).splitlines()
    steps = [line for line in lines if line.startswith("Step")]
    assert steps == [
        "Step 1/4 : FROM busybox", "Step 2/4 : COPY page /srv/", "Step 3/4 : RUN cat /srv/page",
        "Step 4/4 : CMD cat /srv/page",
    ]  # fmt: skip
    run = lines.index("Step 3/4 : RUN cat /srv/page")
    assert lines[run + 1].startswith(" ---> Running in ")
    assert lines[run + 2] == "hi"
    assert lines[run + 3].startswith("Removing intermediate container ")
    assert lines[run + 4].startswith(" ---> ")
    assert lines[-3].startswith("Successfully built ")
    assert lines[-2:] == ["Successfully tagged web:latest", "Successfully tagged web:2"]
    assert (await ada.ok("run", "--rm", "web")) == "hi"
    fact = await ada.told("build")
    assert (fact.name, fact.ok, fact.flags["tag"]) == ("web:latest", True, ["web:latest", "web:2"])
    assert (await ada.ok("ps", "-aq")) == ""
    history = await ada.ok("history", "--no-trunc", "--format", "{{.CreatedBy}}", "web")
    command, shell, copy = history.splitlines()[:3]
    assert (command, shell) == ('/bin/sh -c #(nop)  CMD ["/bin/sh" "-c" "cat /srv/page"]', "/bin/sh -c cat /srv/page")
    assert re.fullmatch(r"/bin/sh -c #\(nop\) COPY file:[0-9a-f]+ in /srv/ ", copy)


@pytest.mark.usefixtures("every_cli")
async def test_what_has_not_changed_comes_from_the_cache(ada: Learner, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("hi\n")
    dockerfile = "FROM busybox\nRUN echo one > /one\nCOPY page /srv/page\nRUN cat /srv/page\n"
    first = await built(ada, tmp_path, dockerfile, "-t", "web")
    assert "Using cache" not in first
    again = await built(ada, tmp_path, dockerfile, "-t", "web")
    assert again.count(" ---> Using cache") == 3
    assert again.splitlines()[-2] == first.splitlines()[-2]
    (tmp_path / "page").write_text("new\n")
    changed = await built(ada, tmp_path, dockerfile, "-t", "web")
    assert changed.count(" ---> Using cache") == 1
    assert "Using cache" not in await built(ada, tmp_path, dockerfile, "--no-cache")


@pytest.mark.usefixtures("every_cli")
async def test_a_program_is_built_in_one_stage_and_runs_from_scratch(ada: Learner, tmp_path: Path) -> None:
    dockerfile = """
ARG base=busybox
FROM $base AS tools
RUN mkdir /out && cp /bin/busybox /out/sh
FROM scratch
COPY --from=tools /out/ /bin/
ENTRYPOINT ["/bin/sh"]
"""
    await built(ada, tmp_path, dockerfile, "-t", "tiny")
    assert (await ada.ok("run", "--rm", "tiny", "-c", "echo hi")) == "hi"
    out = await built(ada, tmp_path, dockerfile, "--target", "tools", "-t", "tools")
    assert out.count("Step") == 3


@pytest.mark.usefixtures("every_cli")
async def test_a_step_that_fails_ends_the_build_with_its_code(ada: Learner, tmp_path: Path) -> None:
    ran = await build(ada, tmp_path, "FROM busybox\nRUN echo no >&2; exit 7\nRUN echo never\n", "-t", "web")
    assert ran.code == 7
    assert "The command '/bin/sh -c echo no >&2; exit 7' returned a non-zero code: 7" in ran.err
    assert "never" not in ran.out.partition("Step 2/3")[2].replace("RUN echo never", "")
    assert (await ada.ok("images", "-q", "web")) == ""
    fact = await ada.told("build")
    assert (fact.ok, fact.exit_code) == (False, 7)


@pytest.mark.parametrize(
    ("dockerfile", "says"),
    [
        ("FROM busybox\n\nNONSENSE x\n", "dockerfile parse error line 3: unknown instruction: NONSENSE"),
        ("FROM busybox\nRUN --mount=type=bind,src=/,dst=/h ls /h\n", "line 2: the --mount option requires BuildKit"),
        ("FROM busybox\nADD http://127.0.0.1:2375/info /x\n", "ADD of an address is not available"),
        ("FROM busybox\nLABEL playground.seat=ben\n", "belong to the playground"),
        ("FROM busybox\nONBUILD RUN x\n", "line 2: ONBUILD is not available"),
        ("FROM busybox\nHEALTHCHECK --interval=1ms CMD true\n", "A health check here runs at most every 10 s"),
        ("FROM busybox\nWORKDIR /proc/self/fd/8\n", "WORKDIR may not lie under /proc"),
        ("FROM busybox\nCOPY ../x /x\n", "forbidden path outside the build context"),
        ("FROM busybox\nCOPY nope /x\n", "file not found in build context"),
        ("FROM busybox\nRUN [\"nope\"]\n", "executable file not found"),
        ("FROM secret\n", "pull access denied for secret"),
        ("FROM busybox\nCOPY --from=secret /x /x\n", "pull access denied for secret"),
    ],
)  # fmt: skip
@pytest.mark.attack("ADD of an address")
async def test_a_build_that_is_refused(ada: Learner, ben: Learner, tmp_path: Path, dockerfile: str, says: str) -> None:
    await ben.ok("pull", "-q", "busybox")
    await ben.ok("tag", "busybox", "secret")
    ran = await build(ada, tmp_path, dockerfile)
    assert ran.code == 1
    assert says in ran.err


@pytest.mark.attack("another's image in a build")
async def test_another_learners_image_is_no_base_by_its_id(ada: Learner, ben: Learner, tmp_path: Path) -> None:
    await built(ben, tmp_path, "FROM busybox\nRUN echo secret > /secret\n", "-t", "mine")
    identity = (await ben.ok("images", "-q", "--no-trunc", "mine")).removeprefix("sha256:")
    for base in (identity[:10], identity, f"sha256:{identity}", f"pg-{ben.seat}/mine"):
        ran = await build(ada, tmp_path, f"FROM {base}\nRUN cat /secret\n")
        assert ran.code == 1
        assert "secret" not in ran.out.partition("Step 2")[0]


@pytest.mark.attack("rights for a step of a build")
async def test_a_step_stands_behind_the_walls_of_any_container(ada: Learner, tmp_path: Path) -> None:
    out = await built(
        ada, tmp_path, "FROM busybox\nRUN grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status; ls /sys/class/net\n"
    )
    assert "CapEff:\t0000000000000000" in out
    assert "CapBnd:\t0000000000000000" in out
    assert "NoNewPrivs:\t1" in out
    assert "\nlo\nRemoving" in out


@pytest.mark.usefixtures("every_cli")
async def test_instructions_do_what_they_say(ada: Learner, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "run.sh").write_text("#!/bin/sh\necho $greeting $who from $(pwd) as $(id -u)\n")
    (tmp_path / "app" / "run.sh").chmod(0o755)
    (tmp_path / "secret.txt").write_text("x")
    with tarfile.open(tmp_path / "files.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "app" / "run.sh", "in/run.sh")
    (tmp_path / ".dockerignore").write_text("*.txt\n")
    dockerfile = """
FROM busybox
ARG who=nobody
ENV greeting="good morning" \\
    # a comment
    other=$who
WORKDIR /srv
WORKDIR app
COPY app .
COPY . /all/
COPY --chown=7:8 app/*.sh /own
ADD files.tar.gz /unpacked/
RUN test "$(stat -c %u:%g /own)" = 7:8; test -x /unpacked/in/run.sh
SHELL ["/bin/sh", "-e", "-c"]
RUN test "$who" = Ada; test "$other" = Ada; ! test -e /all/secret.txt; test -x /all/app/run.sh
ENV who=$who
EXPOSE 80 53/udp
LABEL tier="back end"
VOLUME /data
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=3s CMD true
USER 1000
CMD ["./run.sh"]
"""
    await built(ada, tmp_path, dockerfile, "-t", "web", "--build-arg", "who=Ada", "--label", "by=a b")
    assert (await ada.ok("run", "--rm", "web")) == "good morning Ada from /srv/app as 1000"
    assert await ada.ok("volume", "ls", "-q") == ""
    shown = await ada.ok(
        "inspect", "-f", "{{json .Config.ExposedPorts}} {{json .Config.Labels}} {{.Config.StopSignal}}", "web"
    )
    assert shown == '{"53/udp":{},"80/tcp":{}} {"by":"a b","tier":"back end"} SIGINT'


@pytest.mark.usefixtures("every_cli")
async def test_a_quiet_build_says_the_image_alone(ada: Learner, tmp_path: Path) -> None:
    out = await built(ada, tmp_path, "FROM busybox\nRUN echo hi\n", "-q", "-t", "web")
    assert out.strip() == await ada.ok("images", "-q", "--no-trunc", "web")


async def test_who_hangs_up_leaves_nothing_running(ada: Learner, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM busybox\nRUN echo now; sleep 600\n")
    mine = {labels.SEAT: ada.seat}
    async with ada.process("build", str(tmp_path)) as process:
        assert process.stdout is not None
        while (await process.stdout.readline()) != b"now\n":
            pass
        assert len(await engine.containers(mine)) == 1
        process.kill()
    async with asyncio.timeout(30):
        while await engine.containers(mine):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert "Successfully built" in await built(ada, tmp_path, "FROM busybox\nRUN echo again\n")


async def test_what_a_killed_gateway_was_building_goes_at_the_next_start(
    ada: Learner, gateway: Gateway, engine: Engine, engine_socket: str, instance: str
) -> None:
    await ada.ok("pull", "-q", "busybox")
    marks = {labels.INSTANCE: instance, labels.SEAT: ada.seat, labels.ROLE: labels.ROLE_BUILD}
    client = EngineClient(engine_socket)
    (image,) = ada.gateway.state(ada.seat).images
    body = {"Image": image.id, "Cmd": ["sleep", "600"], "Labels": marks}
    async with await client.request("POST", "/containers/create", json_body=body) as reply:
        assert reply.status == 201
    assert (await ada.ok("ps", "-aq")) == ""
    other = Gateway(client, Catalogue(), Limits(), instance)
    await other.start()
    await other.stop()
    assert await engine.containers({labels.SEAT: ada.seat}) == []


async def test_built_images_go_with_their_seat(ada: Learner, engine: Engine, tmp_path: Path) -> None:
    await built(ada, tmp_path, "FROM scratch\nCOPY Dockerfile /\n", "-t", "tiny")
    await built(ada, tmp_path, "FROM busybox\nRUN echo 1 > /1\nRUN echo 2 > /2\n", "-t", "web")
    await ada.ok("rmi", "web")
    assert len(await engine.images({labels.SEAT: ada.seat})) == 1
    await ada.gateway.clear(ada.seat)
    assert await engine.images({labels.SEAT: ada.seat}) == []


class TestWithLittleTime:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(build_time=1.0)

    @pytest.mark.attack("a build without end")
    async def test_a_build_that_takes_too_long_is_ended(self, ada: Learner, engine: Engine, tmp_path: Path) -> None:
        ran = await build(ada, tmp_path, "FROM busybox\nRUN sleep 600\n")
        assert ran.code == 1
        assert "a build may take at most 1 seconds" in ran.err
        assert await engine.containers({labels.SEAT: ada.seat}) == []
