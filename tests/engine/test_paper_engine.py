"""What tests/unit/lessons walks on paper happens on an engine: the same commands lead to the same facts and state."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from playground.checks.seen import normal_image
from playground.engine.images import CatalogueImage
from playground.gateway.facts import Fact
from playground.gateway.state import State
from playground.seats.alone import apart, run_script
from playground.seats.rules import Rules, sockets_of
from tests.unit.lessons.paper.shell import Seat

SCRIPT = r"""
docker version
docker info
docker search busybox
docker images
docker run busybox echo it works
docker run --rm hello-world ls
docker run nowhere
docker create nowhere
docker create --name greeter busybox echo good morning
docker create --name greeter busybox
docker run --name greeter busybox
docker ps
docker ps --all --size
docker start --attach greeter
docker start greeters
docker logs --tail 5 greeter
docker logs nowhere
docker attach greeter
docker attach nowhere
docker exec nowhere ls
docker inspect greeter
docker inspect busybox
docker inspect nowhere
docker run -d --name counter --memory 16m --pids-limit 20 --cpus 0.50 busybox sh -c 'while true; do sleep 1; done'
docker start counter
docker exec counter ps
docker exec greeter ps
docker top counter
docker top greeter
docker stats --no-stream
docker pause counter
docker start counter
docker unpause counter
docker pause greeter
docker rm counter
docker stop -t 1 counter
docker stop counter
docker kill counter
docker restart -t 1 counter
docker kill --signal TERM counter
docker kill counter
docker update --memory 32m counter
docker run -d --name polite busybox sh -c 'trap "echo saving; exit 0" TERM; while true; do sleep 1; done'
docker stop polite
docker run --name draft busybox sh -c 'echo good day > /greeting'
docker diff draft
docker commit draft greeting
docker commit nowhere
docker run --rm greeting cat /greeting
docker run --rm busybox cat /greeting
docker history greeting
docker tag busybox toolbox:1.0
docker rmi toolbox:1.0
docker rmi busybox
docker rmi nowhere
docker save --output busybox.tar busybox
docker pull busybox:no-such-version
docker pull busybox
printf 'FROM busybox\nRUN echo first > /version\nCMD ["cat", "/version"]\n' > Dockerfile
docker build --tag moving .
docker build --tag moving .
printf 'FROM busybox\nRUN false\n' > Dockerfile
docker build --tag moving .
docker run --rm moving
docker run --rm --memory 16m busybox tail /dev/zero
docker run -i --rm busybox sh < /etc/hostname
docker run --rm -t busybox tty
docker network create shop
docker network create shop
docker run -d --name web --network shop busybox sh -c 'echo hello > /tmp/index.html; exec httpd -f -h /tmp'
docker run --rm --network shop busybox wget -q -O - http://web
docker run --rm busybox wget -q -T 2 -O - http://web
docker network ls
docker network rm shop
docker rm --force web
docker rm --force greeter
docker rm nowhere
docker network rm shop
docker volume ls
docker image prune --force
docker container prune --force
printf 'services:\n  web:\n    image: busybox\n    command: sleep 1000\n' > compose.yaml
docker compose config
docker compose up -d
docker compose ps
docker compose exec web ls
docker compose down
"""
ON_THE_WAY = ("resize", "wait", "plugins")  # nothing in the lessons asks for these
FLAGS = (
    "interactive", "tty", "detach", "rm", "name", "memory", "pids-limit", "cpus", "network", "all", "size", "follow",
    "tail", "time", "signal", "force", "kind", "cached", "tag", "no-stream",
)  # fmt: skip


async def test_on_paper_a_command_leads_to_what_it_leads_to_on_an_engine(
    engine_socket: str, catalogue_images: list[CatalogueImage], run_dir: Path, instance: str
) -> None:
    facts: list[Fact] = []
    rules = replace(Rules.from_settings(), instance=instance, sockets=sockets_of(run_dir, instance))
    async with apart(engine_socket, rules) as here, here.seat() as seat:
        here.gateway.subscribe(facts.append)
        await run_script(seat, b"cd; " + SCRIPT.strip().encode(), lambda output: None)
        state = here.gateway.state(seat.id)

    paper = Seat()
    paper.type(SCRIPT)

    assert told(paper.facts) == told(facts)
    assert kept(paper.paper.state()) == kept(state)


def told(facts: Iterable[Fact]) -> list[tuple[Any, ...]]:
    """What a check can see of what the learner did. An inspection is told when its process has ended."""
    return [
        (
            fact.action,
            fact.ok,
            named(fact.name),
            normal_image(fact.image) if fact.image else "",
            fact.command,
            {flag: fact.flags[flag] for flag in FLAGS if fact.flags.get(flag)},
        )
        for fact in facts
        if fact.source == "call" and fact.action not in ON_THE_WAY and not (fact.part_of_run or fact.part_of_compose)
    ]


def named(name: str) -> str:
    """Nobody has chosen the others."""
    return "" if "_" in name else name


def kept(state: State) -> dict[str, object]:
    return {
        "containers": sorted((named(one.name), one.status, one.exit_code, one.command) for one in state.containers),
        "images": sorted(tag for image in state.images for tag in image.tags),
        "networks": sorted(state.networks),
        "volumes": sorted(state.volumes),
    }
