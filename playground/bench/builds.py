"""What a build costs. Straight is the engine's own classic builder, with the limits that it knows of those that the
gateway forces."""

import tempfile
from pathlib import Path

from django.conf import settings

from playground.bench.docker import docker
from playground.bench.figures import Row, at_most_times
from playground.bench.stage import Stage
from playground.bench.tabs import BrowserTab
from playground.engine import labels

BUILDS = 7
AIM = 1.10
TEN_STEPS = """\
FROM {base}
LABEL purpose=bench
ENV GREETING=hello
WORKDIR /app
COPY notes.txt .
RUN echo "$GREETING" > greeting.txt
RUN cat notes.txt greeting.txt > both.txt
COPY site site
RUN ls -R . > listing.txt
CMD ["cat", "listing.txt"]
"""


async def ten_steps(stage: Stage) -> list[Row]:
    row = Row("docker build of ten steps", "ms")
    async with await BrowserTab.open(stage, await stage.join()) as tab:
        await tab.until_prompt()
    gateway, straight, limits = str(stage.socket(tab.seat)), stage.client.socket_path, settings.LIMITS
    same_limits = [
        "--network=none",
        f"--memory={limits.container_memory}",
        f"--memory-swap={limits.container_memory}",
        "--cpu-period=100000",
        f"--cpu-quota={round(limits.container_cpus * 100_000)}",
    ]
    await docker(gateway, "pull", "busybox")
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder)
        _write(context)
        for _ in range(BUILDS):
            row.ours.append(await _build(gateway, context, "busybox", "ten"))
            base = f"{labels.CATALOGUE_PREFIX}busybox"
            row.straight.append(await _build(straight, context, base, f"{stage.instance}-ten", *same_limits))
    row.aim = at_most_times(row, AIM)
    return [row]


def _write(context: Path) -> None:
    (context / "notes.txt").write_text("Measured, not guessed.\n")
    (context / "site").mkdir()
    for number in range(20):
        (context / "site" / f"page-{number}.html").write_text(f"<p>{number}</p>\n" * 200)


async def _build(socket: str, context: Path, base: str, tag: str, *flags: str) -> float:
    (context / "Dockerfile").write_text(TEN_STEPS.format(base=base))
    took = await docker(socket, "build", "--no-cache", "-t", tag, *flags, str(context))
    await docker(socket, "rmi", tag)
    return took
