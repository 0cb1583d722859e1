"""docker compose in a seat: several containers from one file, through the gateway, within the seat's own budget."""

from dataclasses import dataclass, field

import pytest

from playground.classroom.models import Learner
from playground.engine import labels
from playground.gateway.facts import Fact
from playground.gateway.state import State
from playground.terminal.relay import TerminalRelay
from tests.engine.seating import Machine, Server, a_seat
from tests.engine.terminals import tab

pytestmark = pytest.mark.django_db(transaction=True)

TIMEOUT = 120.0
SHOP = """
services:
  web:
    image: busybox
    command: sh -c "echo the shop is open; echo hello > /tmp/index.html; exec httpd -f -h /tmp"
    stop_signal: SIGKILL
    volumes: [stock:/stock]
  client:
    image: busybox
    command: sh -c "echo come in; exec sleep 600"
    stop_signal: SIGKILL
    depends_on: [web]
volumes:
  stock:
"""


@dataclass
class Shop:
    """A learner's folder with a compose file, in a real seat."""

    server: Server
    seat: str
    facts: list[Fact] = field(default_factory=list)

    async def sh(self, script: str, stdin: str = "") -> tuple[int, str]:
        ran = await self.server.seats.run(self.seat, ["sh", "-c", script], TIMEOUT, stdin.encode())
        return ran.exit_code, ran.output.decode()

    async def write(self, text: str, path: str = "compose.yaml") -> None:
        code, output = await self.sh(f"mkdir -p $(dirname /root/shop/{path}) && cat > /root/shop/{path}", text)
        assert code == 0, output

    async def compose(self, words: str) -> str:
        """What a command that must work has said."""
        code, output = await self.sh(f"cd /root/shop && docker compose {words}")
        assert code == 0, output
        return output

    async def refused(self, words: str) -> str:
        code, output = await self.sh(f"cd /root/shop && docker compose {words}")
        assert code != 0, output
        return output

    @property
    def state(self) -> State:
        return self.server.gateway.state(self.seat)

    def running(self) -> list[str]:
        return sorted(container.name for container in self.state.containers if container.status == "running")

    def commands(self) -> list[tuple[str, bool]]:
        return [(" ".join(fact.command), fact.ok) for fact in self.facts if fact.action == "compose"]


async def sit_down(server: Server, learner: Learner, text: str) -> Shop:
    seat = await a_seat(server.seats.lend(learner.pk))
    shop = Shop(server, seat.id)
    server.gateway.subscribe(lambda fact: shop.facts.append(fact) if fact.seat == seat.id else None)
    await shop.write(text)
    return shop


@pytest.fixture
async def server(machine: Machine) -> Server:
    return await machine.server()


async def test_services_come_up_reach_each_other_by_name_and_go(server: Server, ada: Learner) -> None:
    shop = await sit_down(server, ada, SHOP)
    assert (await shop.compose("config --services")).split() == ["web", "client"]

    up = await shop.compose("up -d")
    assert up.index("Container shop-web-1  Started") < up.index("Container shop-client-1  Starting")
    assert shop.running() == ["shop-client-1", "shop-web-1"]
    assert (shop.state.networks, shop.state.volumes) == (("shop_default",), ("shop_stock",))
    assert await shop.compose("exec -T client wget -qO- http://web") == "hello\n"
    assert await shop.compose("run --rm -T client wget -qO- http://web/index.html") == (
        " Container shop-web-1  Running\nhello\n"
    )
    assert "web-1  | the shop is open" in await shop.compose("logs web")
    assert (await shop.compose("ps --services")).split() == ["client", "web"]
    assert "httpd -f -h /tmp" in await shop.compose("top web")
    assert "busybox" in await shop.compose("images")
    assert "running(2)" in await shop.compose("ls")
    assert (await shop.sh("cd /root/shop && docker compose exec -T web sh -c 'exit 3'"))[0] == 3

    again = await shop.compose("up -d")
    assert "Container shop-web-1  Running" in again
    assert "Creat" not in again
    await shop.compose("up -d --scale client=3")
    assert len(shop.running()) == 4
    await shop.compose("stop client")
    assert shop.running() == ["shop-web-1"]
    await shop.compose("start client")
    seen = "docker compose events > /tmp/events & until grep restart /tmp/events; do docker compose restart web; done"
    assert "name=shop-web-1" in (await shop.sh(f"cd /root/shop; {seen}; kill $!"))[1]
    await shop.compose("kill client")
    assert "removed" in (await shop.compose("rm -f client")).lower()

    await shop.compose("down")
    assert (shop.state.containers, shop.state.networks, shop.state.volumes) == ((), (), ("shop_stock",))
    await shop.compose("down -v")
    assert shop.state.volumes == ()
    assert ("up -d", True) in shop.commands()
    assert shop.commands().count(("down", True)) == 1


async def test_another_learner_with_the_same_project_has_a_project_of_their_own(
    server: Server, ada: Learner, ben: Learner
) -> None:
    adas, bens = await sit_down(server, ada, SHOP), await sit_down(server, ben, SHOP)
    await adas.compose("up -d")

    assert await bens.compose("ps -a -q") == ""
    assert await bens.compose("ls -a -q") == ""
    assert await bens.compose("logs") == ""
    await bens.compose("down -v")
    await bens.compose("up -d")
    assert bens.running() == adas.running() == ["shop-client-1", "shop-web-1"]
    await bens.compose("down -v")
    assert adas.running() == ["shop-client-1", "shop-web-1"]
    await bens.write(SHOP + "networks: {default: {external: true, name: shop_default}}\n")
    assert "network shop_default not found" in await bens.refused("up -d")
    assert await adas.compose("exec -T client wget -qO- http://web") == "hello\n"


async def test_a_network_of_the_file_joins_those_that_name_it_and_no_others(server: Server, ada: Learner) -> None:
    shop = await sit_down(
        server,
        ada,
        """
services:
  web: {image: busybox, command: httpd -f, stop_signal: SIGKILL, networks: [front, back]}
  store:
    image: busybox
    command: sh -c "echo kept > /tmp/index.html; exec httpd -f -h /tmp"
    stop_signal: SIGKILL
    networks: {back: {aliases: [db]}}
  client: {image: busybox, command: sleep 600, stop_signal: SIGKILL, networks: [front]}
networks: {front: , back: {labels: {tier: back}}}
""",
    )
    await shop.compose("up -d")

    for name in ("store", "db"):
        assert await shop.compose(f"exec -T web wget -qO- http://{name}") == "kept\n"
    fetch = "exec -T client wget -qO- http://"
    assert "root" in await shop.compose(f"{fetch}web/etc/passwd")
    assert "kept" not in await shop.refused(f"{fetch}store")
    await shop.compose("down")
    assert (shop.state.containers, shop.state.networks) == ((), ())


async def test_a_service_can_be_built_and_is_built_anew_when_a_file_changes(server: Server, ada: Learner) -> None:
    shop = await sit_down(server, ada, "services: {web: {build: app, command: cat /word}}\n")
    await shop.write("FROM busybox\nCOPY word /word\n", "app/Dockerfile")
    await shop.write("first\n", "app/word")

    built = await shop.compose("build")
    assert "Step 2/3 : COPY word /word" in built
    assert "Successfully tagged shop-web:latest" in built
    assert "web-1  | first" in await shop.compose("up")
    await shop.write("second\n", "app/word")
    assert "web-1  | second" in await shop.compose("up --build")
    await shop.compose("down --rmi local")
    assert [image.tags for image in shop.state.images if "shop-web:latest" in image.tags] == []
    assert ("up --build", True) in shop.commands()


async def test_the_files_of_a_service_come_from_the_compose_file(server: Server, ada: Learner) -> None:
    shop = await sit_down(
        server,
        ada,
        """
services:
  web: {image: busybox, command: cat /etc/site/site.conf, configs: [{source: site, target: /etc/site/site.conf}]}
configs: {site: {content: "a line of its own"}}
""",
    )

    assert "web-1  | a line of its own" in await shop.compose("up")


WEB = "services: {web: {image: busybox, command: sleep 600, %s}}\n"
REFUSED = [
    ("volumes: ['/etc:/host']", "may not mount the host's files"),
    ("volumes: ['./:/here']", "may not mount the host's files"),
    ("volumes: ['/run/playground/docker.sock:/var/run/docker.sock']", "may not mount the Docker socket"),
    ("privileged: true", "a privileged container controls the whole machine"),
    ("network_mode: host", "--network host is not available in this playground"),
    ("pid: host", "--pid is not available in this playground"),
    ("cap_add: [NET_ADMIN]", "--cap-add is not available in this playground"),
    ("devices: ['/dev/kmsg:/dev/kmsg']", "may not use the machine's devices"),
    ("restart: always", "try --restart on-failure:3"),
    ("labels: {playground.seat: ben}", "belong to the playground"),
]
REFUSED_AT_THE_TOP = [
    ("volumes: ['disk:/disk']", "volumes: {disk: {driver_opts: {type: none, o: bind, device: /etc}}}", "the host"),
    ("networks: [far]", "networks: {far: {driver: macvlan, driver_opts: {parent: eth0}}}", "Only the driver bridge"),
    ("networks: [far]", "networks: {far: {ipam: {config: [{subnet: 10.0.0.0/8}]}}}", "addresses are given out"),
    ("networks: [far]", "networks: {far: {external: true, name: host}}", "--network host is not available"),
    ("secrets: [key]", "secrets: {key: {file: /etc/passwd}}", "may not mount the host's files"),
    ("extends: {file: /etc/passwd, service: web}", "", ""),  # the file is the seat's own
]


async def test_what_would_reach_further_is_refused_with_a_sentence(server: Server, ada: Learner) -> None:
    shop = await sit_down(server, ada, WEB % "init: false")
    cases = [(one, "", sentence) for one, sentence in REFUSED] + REFUSED_AT_THE_TOP
    for asked, top, sentence in cases:
        await shop.write(f"{WEB % asked}{top}\n")
        said = await shop.refused("up -d")
        assert sentence in said, (asked, top, said)
        assert shop.running() == []
    await shop.write(WEB % "init: false")
    await shop.compose("down -v --remove-orphans")
    assert shop.state.containers == ()
    assert ("up -d", False) in shop.commands()


async def test_more_than_the_budget_is_refused_and_can_be_taken_down(server: Server, ada: Learner) -> None:
    shop = await sit_down(server, ada, SHOP)

    said = await shop.refused("up -d --scale web=50")
    assert "You have 12 containers, which is as many as fit here." in said
    assert len(shop.state.containers) == 12
    await shop.compose("down -v")
    assert (shop.state.containers, shop.state.networks, shop.state.volumes) == ((), (), ())
    await shop.compose("up -d --scale web=2")
    assert len(shop.running()) == 3
    await shop.compose("down -v")
    engine = server.engine
    assert [one["Name"] for one in await engine.networks({labels.SEAT: shop.seat})] == []


async def test_in_a_terminal_it_stays_in_front_until_ctrl_c(server: Server, ada: Learner) -> None:
    shop = await sit_down(server, ada, SHOP)
    relay = TerminalRelay(server.seats, server.engine.client)
    async with tab(relay, learner_id=ada.pk) as screen:
        await screen.until("$ ")
        screen.type("cd shop && docker compose up\r")
        await screen.until("the shop is open")
        await screen.until("come in")  # this compose can hang when it is stopped while services are still to start
        await shop.compose("ps")
        screen.type("\x03")
        await screen.until("Gracefully stopping")
        await screen.until("shop\x1b[0m $ ")
        assert shop.running() == []
        assert shop.commands() == [("ps", True), ("up", True)]
        screen.type("docker compose start && docker compose exec web sh\r")
        await screen.until("/ # ")
        screen.type("wget -qO- http://web | tr a-z A-Z\r")
        await screen.until("HELLO")
        screen.type("exit\r")
        await screen.until("shop\x1b[0m $ ")


async def test_a_services_published_port_is_at_localhost(server: Server, ada: Learner) -> None:
    shop = await sit_down(server, ada, SHOP.replace("volumes: [stock:/stock]", 'ports: ["8080:80"]'))
    await shop.compose("up -d web")
    ask = 'word=$(wget -qO- localhost:8080 2>/dev/null); [ "$word" ]'
    assert await shop.sh(f"until {ask}; do sleep 0.1; done; echo $word") == (0, "hello\n")
    assert "0.0.0.0:8080->80/tcp" in await shop.compose("ps")
    assert (await shop.compose("port web 80")).strip() == "0.0.0.0:8080"
    assert server.gateway.published(shop.seat) == (8080,)
    await shop.compose("down")
    assert server.gateway.published(shop.seat) == ()
