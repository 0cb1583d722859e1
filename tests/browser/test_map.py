"""The map over the terminal, beside the real engine: it shows what the CLI lists, tells of each command, and explains
itself. One learner in one seat goes through all of it."""

import json
import re
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, ViewportSize, WebSocket, expect

from playground.engine import labels
from tests.browser.people import LESSON, expect_prompt, join, say, screen
from tests.live import LiveServer

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
TOLD = 20_000  # milliseconds: the machine may be busy
NOTICE = b"\x11"
COMMANDS = [
    "docker run hello-world",
    "docker pull -q busybox",
    "docker create --name later busybox",
    "docker run -d --name web busybox sleep 900",
    'docker run --name bad busybox sh -c "exit 3"',
    "docker pause web",
    "docker unpause web",
    "docker stop -t 0 web",
    "docker start web",
    "docker restart -t 0 web",
    "docker rename web shop",
    "docker exec shop touch /note",
    "docker commit shop notes:1",
    "docker run -d --name pad notes:1 sleep 900",
    "docker tag busybox mine:2",
    "docker network create front",
    "docker network connect front shop",
    "docker volume create data",
    "docker run -d --name db --network front -v data:/d busybox sleep 900",
    "docker kill db",
    "docker commit shop",
    'printf "FROM busybox\\nRUN echo 1 > /a\\n" > Dockerfile; docker build -q -t app .',
    'printf "FROM busybox\\nRUN echo 2 > /a\\n" > Dockerfile; docker build -q -t app .',
    "docker rmi mine:2",
    "docker image prune -f",
    "docker network disconnect front shop",
    "docker rm -f db",
    "docker volume rm data",
    "docker network rm front",
    "docker run --rm busybox true",
    "docker rm bad later",
    "docker container prune -f",
]
LIST = """
docker ps -a --format 'container|{{.Names}}|{{.Status}}'
docker images --format 'image|{{.ID}}|{{.Repository}}:{{.Tag}}'
docker network ls --format 'network|{{.Name}}'
docker volume ls --format 'volume|{{.Name}}'
"""
MARKUP = "<img src=x onerror=alert(1)>"
BUILT_IN = {"network|bridge", "network|host", "network|none"}
# By now, for as long as it says something else.
SHOWS = """(wanted) => {
    const text = (one, part) => one.querySelector(part).textContent;
    const things = (kind) => [...document.querySelectorAll(`#map [data-key^="${kind}:"]`)];
    const key = (one) => one.dataset.key.split(":")[1];
    const lines = [
        ...things("container").map((one) => `container|${text(one, ".crate__name")}|${text(one, ".crate__state")}`),
        ...things("image").filter((one) => !("unlisted" in one.dataset)).flatMap((one) =>
            [...one.querySelectorAll(".thing__name")].map((name) => `image|${key(one)}|${name.textContent}`)),
        ...things("network").map((one) => `network|${one.textContent}`),
        ...things("volume").map((one) => `volume|${one.textContent}`),
    ];
    window.mapShows = lines.sort();
    return JSON.stringify(window.mapShows) === wanted;
}"""


@pytest.fixture(scope="module")
def seat() -> list[str]:
    """Its id, once the page has been told."""
    return []


@pytest.fixture(scope="module")
def ada(browser: Browser, live: LiveServer, seat: list[str]) -> Iterator[Page]:
    def listen(socket: WebSocket) -> None:
        if socket.url.endswith("/ws/terminal/"):
            socket.on("framereceived", take)

    def take(payload: bytes | str) -> None:
        if isinstance(payload, bytes) and payload.startswith(NOTICE):
            notice = json.loads(payload[1:])
            seat.extend([notice["id"]] if notice["kind"] == "seat" else [])

    with join(browser, live, "Ada", viewport=WIDE, reduced_motion="reduce") as page:
        page.on("websocket", listen)
        page.goto(LESSON)
        expect_prompt(page)
        yield page


@pytest.fixture(autouse=True)
def pointer_elsewhere(ada: Page) -> None:
    ada.mouse.move(0, 0)


def listed_after(engine_socket: str, seat: list[str], command: str) -> str:
    """What the CLI lists then, in the words of the map. It runs beside the terminal that the page shows, with the same
    docker."""
    script = f"cd /tmp; ({command}) >&2; {LIST}"
    argv = ["docker", "-H", f"unix://{engine_socket}", "exec", labels.terminal_name(seat[0]), "sh", "-c", script]
    lines = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines()
    shown = sorted(_as_shown(line) for line in lines if line not in BUILT_IN)
    return json.dumps(shown, separators=(",", ":"), ensure_ascii=False)


def _as_shown(line: str) -> str:
    for pattern, shown in (
        (r"^(container\|.*\|)Up .*\(Paused\)$", r"\1paused"),
        (r"^(container\|.*\|)Up .*$", r"\1running"),
        (r"^(container\|.*\|)Exited \((\d+)\).*$", r"\1exited (\2)"),
        (r"^(container\|.*\|)Created$", r"\1created"),
        (r"^(image\|.*\|)<none>:<none>$", r"\1<none>"),
    ):
        line = re.sub(pattern, shown, line)
    return line


def thing(page: Page, kind: str, name: str) -> Locator:
    """The one of that name; what is on the map but does not fit into sight is there, too."""
    return page.locator(f'#map [data-key^="{kind}:"]', has_text=name)


def says(page: Page) -> Locator:
    return page.locator("[data-map-says]")


def told(page: Page) -> Locator:
    return page.locator("[data-map-told]")


def test_a_run_is_told_step_by_step_and_in_one_line(ada: Page) -> None:
    expect(ada.locator("[data-map-shelf]")).to_have_attribute("data-empty", re.compile("Nothing is here yet"))
    say(ada, "docker run --name hi hello-world")
    expect(told(ada)).to_have_text(
        "docker run --name hi hello-world: client asks, engine takes it, image not here, Hub sends it, image kept, "
        "container made, started, output returns, ended, code 0.",
        timeout=TOLD,
    )
    expect(ada.locator("[data-map-steps] li")).to_have_count(9)
    expect(thing(ada, "container", "hi")).to_contain_text("exited (0)")
    expect(thing(ada, "hub", "hello-world")).to_have_attribute("data-pulled", "")


def test_a_name_that_is_markup_would_be_text_and_another_learner_sees_none_of_it(
    ada: Page, browser: Browser, live: LiveServer
) -> None:
    with join(browser, live, "Ben", viewport=WIDE) as ben:
        ben.goto(LESSON)
        expect(ben.locator("[data-map-shelf]")).to_have_attribute("data-empty", re.compile("Nothing is here yet"))
        ben.evaluate(
            """async (name) => {
            const { Drawing } = await import("/static/js/map/draw.js");
            const image = { id: "1", names: [name], layers: 1, size: 1, listed: true, containers: [] };
            const picture = { stacks: [{ layers: ["1"], images: [image], above: [] }], networks: [], volumes: [] };
            document.querySelector("[data-map-shelf]").append(...new Drawing({}).stacks(picture));
        }""",
            MARKUP,
        )
        expect(ben.locator(".plate")).to_have_text(MARKUP)
        expect(ben.locator(".plate img")).to_have_count(0)


def test_what_is_pointed_at_says_what_it_is_and_a_click_types_the_command_that_lists_it(ada: Page) -> None:
    hi = thing(ada, "container", "hi")
    hi.hover()
    expect(says(ada)).to_have_text(
        "hi is a container of hello-world. It has ended; what it wrote is still in its layer. "
        "A click types docker ps -a for you."
    )
    expect(thing(ada, "image", "hello-world")).to_have_attribute("data-lit", "")
    hi.click()
    expect(screen(ada)).to_contain_text(re.compile(r"\$ docker ps -a\s*$"))
    expect(screen(ada)).not_to_contain_text("CONTAINER ID")
    ada.keyboard.press("Enter")
    expect(screen(ada)).to_contain_text("CONTAINER ID")


def test_everything_is_within_reach_of_the_keyboard(ada: Page) -> None:
    ada.locator('[data-tool="map"]').focus()
    client, engine = ada.locator('[data-key="client"]'), ada.locator('[data-key="daemon"]')
    while not client.evaluate(
        "one => one === document.activeElement || one.parentElement.contains(document.activeElement)"
    ):
        ada.keyboard.press("Tab")
    ada.keyboard.press("Home")
    expect(client).to_be_focused()
    expect(says(ada)).to_contain_text("The client is the docker command in your terminal.")
    ada.keyboard.press("ArrowRight")
    expect(engine).to_be_focused()
    ada.keyboard.press("End")
    expect(ada.locator("[data-map-hub] .thing").last).to_be_focused()
    ada.keyboard.press("Tab")
    expect(ada.locator("[data-map-again]")).to_be_focused()


def test_after_each_of_thirty_commands_the_map_shows_what_the_cli_lists(
    ada: Page, seat: list[str], engine_socket: str
) -> None:
    assert len(COMMANDS) >= 30
    for command in COMMANDS:
        wanted = listed_after(engine_socket, seat, command)
        try:
            ada.wait_for_function(SHOWS, arg=wanted, timeout=TOLD)
        except TimeoutError as error:
            raise AssertionError(f"after {command}: {ada.evaluate('window.mapShows')} and not {wanted}") from error


def test_the_slider_goes_back_to_what_there_was(ada: Page) -> None:
    say(ada, "clear; docker run -d --name old busybox sleep 900; docker rm -f old; docker ps")
    expect(told(ada)).to_contain_text("docker ps: client asks", timeout=TOLD)
    expect(thing(ada, "container", "old")).to_have_count(0)
    ada.get_by_label("What just happened?").focus()
    ada.keyboard.press("ArrowLeft")
    expect(ada.locator("[data-map-command]")).to_have_text("docker rm -f old")
    expect(thing(ada, "container", "old")).to_have_count(0)
    ada.keyboard.press("ArrowLeft")
    expect(ada.locator("[data-map-command]")).to_have_text("docker run -d --name old busybox sleep 900")
    expect(thing(ada, "container", "old")).to_contain_text("running")
    ada.get_by_role("button", name="Now").click()
    expect(ada.locator("[data-map-command]")).to_have_text("docker ps")
    expect(thing(ada, "container", "old")).to_have_count(0)


def test_it_stays_folded_away_and_the_terminal_takes_its_place(ada: Page) -> None:
    button, map_ = ada.locator('[data-tool="map"]'), ada.locator("#map")
    rows = screen(ada).locator("> div")
    before = rows.count()
    button.click()
    expect(map_).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    ada.reload()
    expect_prompt(ada)
    expect(map_).to_be_hidden()
    assert rows.count() > before
    button.press("Enter")
    expect(map_).to_be_visible()
    expect(thing(ada, "image", "busybox:latest")).to_be_visible()


def test_the_unfolded_budget_takes_its_room_and_gives_it_back(ada: Page) -> None:
    map_, budget = ada.locator("#map"), ada.locator("[data-budget]")
    budget.locator("summary").click()
    expect(map_).to_be_hidden()
    ada.get_by_role("button", name="Map", exact=True).click()
    expect(map_).to_be_visible()
    expect(budget).not_to_have_attribute("open", "")


def test_its_height_is_chosen_by_keyboard_and_remembered(ada: Page) -> None:
    divider, map_ = ada.get_by_role("separator", name="Height of the map"), ada.locator("#map")
    before = map_.evaluate("map => map.clientHeight")
    divider.press("PageUp")
    higher = map_.evaluate("map => map.clientHeight")
    assert higher > before
    ada.reload()
    expect_prompt(ada)
    assert map_.evaluate("map => map.clientHeight") == higher
    divider.dblclick()
    assert map_.evaluate("map => map.clientHeight") < higher


def test_its_way_is_drawn_where_motion_is_welcome_and_ends(ada: Page) -> None:
    token = ada.locator("[data-map-token]")
    say(ada, "docker version")
    expect(told(ada)).to_contain_text("docker version", timeout=TOLD)
    expect(token).to_be_hidden()
    ada.emulate_media(reduced_motion="no-preference")
    say(ada, "docker images")
    expect(token).to_be_visible(timeout=TOLD)
    expect(ada.locator("[data-map-steps] li").last).to_have_attribute("data-step", "now", timeout=TOLD)
    expect(token).to_be_hidden()
    ada.emulate_media(reduced_motion="reduce")


def test_on_a_phone_it_fits(ada: Page) -> None:
    ada.set_viewport_size(NARROW)
    ada.get_by_role("button", name="Terminal", exact=True).click()
    expect(ada.locator("#map")).to_be_visible()
    assert ada.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shelf = ada.locator("[data-map-shelf]")
    assert shelf.evaluate("shelf => shelf.scrollWidth <= shelf.clientWidth")
    ada.set_viewport_size(WIDE)
