"""What goes wrong, as a learner meets it: a full machine, an engine that goes away, doors that stay shut."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from playground.engine.images import CatalogueImage
from playground.engine.own import OwnEngine
from tests.browser.looks import expect_nothing_found
from tests.browser.people import expect_prompt, expect_ticks, join, open_lesson, run_block, say, screen, teach
from tests.conftest import own_engine
from tests.live import ROOT, LiveServer

SUBPROTOCOL = Subprotocol("playground.terminal.1")


@pytest.fixture
def serve(instance: str) -> Iterator[Callable[..., LiveServer]]:
    """Makes servers that are gone at the end, with their seats."""
    servers: list[LiveServer] = []

    def made(engine_socket: object, **settings: str) -> LiveServer:
        servers.append(LiveServer(str(engine_socket), f"{instance}-{len(servers)}", **settings))
        return servers[-1]

    yield made
    for server in servers:
        server.close()


@pytest.fixture
def fragile_engine() -> Iterator[OwnEngine]:
    """An engine that a test may stop."""
    images = [sys.executable, str(ROOT / "manage.py"), "images", "--mode", "offline"]
    with own_engine() as own:
        subprocess.run(images, env={**os.environ, "DOCKER_HOST": f"unix://{own.socket}"}, check=True)
        yield own


def test_a_full_machine_gives_a_place_in_a_queue_and_then_the_seat(
    browser: Browser, engine_socket: str, catalogue_images: list[CatalogueImage], serve: Callable[..., LiveServer]
) -> None:
    server = serve(engine_socket, PLAYGROUND_SEATS_MAX="1", PLAYGROUND_SEATS_WARM="0")
    server.start()
    with join(browser, server, "Ada") as ada, join(browser, server, "Ben", reduced_motion="reduce") as ben:
        open_lesson(ada)
        ben.goto("/lessons/hello-world/")
        queue = ben.locator("[data-notice=queue]")
        expect(queue).to_contain_text(
            "Every seat on this machine is taken or kept for a class. You are number 1 in the queue"
        )
        expect(queue).to_contain_text("It may take up to 4 hours.")
        expect_nothing_found(ben, "seat-queue")

        ada.goto("/me/")
        ada.get_by_role("button", name="Leave").click()

        expect_prompt(ben)
        with teach(browser, server, "Tess", reduced_motion="reduce") as tess:
            expect_waiting_for_the_seats_of_others(tess)


def expect_waiting_for_the_seats_of_others(tess: Page) -> None:
    """The one seat is kept for her class from now on, but a stranger has it."""
    tess.get_by_role("link", name="New classroom").click()
    tess.get_by_label("Name").fill("Monday morning")
    tess.get_by_label("Seats").fill("1")
    tess.get_by_role("button", name="Make the classroom").click()
    tess.get_by_role("button", name="Get 1 seat ready").click()
    expect(tess.get_by_role("progressbar", name="0 of 1 seats ready")).to_be_visible()
    expect(tess.get_by_text("1 of them cannot be had yet")).to_be_visible()
    expect_nothing_found(tess, "classroom-warming")


def test_an_engine_that_goes_away_is_told_and_everything_comes_back_by_itself(
    browser: Browser, fragile_engine: OwnEngine, serve: Callable[..., LiveServer]
) -> None:
    server = serve(fragile_engine.socket)
    server.start()
    with join(browser, server, "Ada", reduced_motion="reduce") as ada:
        open_lesson(ada)
        run_block(ada, "docker images")
        expect_ticks(ada, "empty-shelf")

        fragile_engine.stop()
        expect(ada.locator("[data-notice=engine]")).to_be_visible()
        expect(ada.locator("[data-state]").first).to_have_attribute("data-state", "away")
        assert ada.request.get("/lessons/").ok
        expect_nothing_found(ada, "engine-away")

        fragile_engine.start(print)
        expect_prompt(ada)
        expect(ada.locator("[data-notice=engine]")).to_be_hidden()
        expect_ticks(ada, "empty-shelf")
        say(ada, "docker run hello-world")
        expect(screen(ada)).to_contain_text("Hello from Docker!")
        expect_ticks(ada, "empty-shelf", "first-run")


def test_a_server_waits_for_an_engine_that_is_not_there_yet(
    browser: Browser, fragile_engine: OwnEngine, serve: Callable[..., LiveServer]
) -> None:
    fragile_engine.stop()
    server = serve(fragile_engine.socket)
    server.start(ready=False)
    with join(browser, server, "Ada") as ada:
        ada.goto("/lessons/hello-world/")
        expect(ada.locator("[data-notice=engine]")).to_be_visible()

        fragile_engine.start(print)

        expect_prompt(ada)


def test_a_page_to_which_a_script_has_not_come_is_asked_for_anew(browser: Browser, live: LiveServer) -> None:
    """As over bad Wi-Fi, or where a network of Docker's comes or goes on the machine of the browser itself."""
    with join(browser, live, "Ada") as ada:
        ada.route("**/js/seat*.js", lambda route: route.abort(), times=1)
        ada.goto("/lessons/hello-world/")

        expect_prompt(ada)
        expect(ada.locator(".partial")).to_be_hidden()


def test_a_page_to_which_a_script_never_comes_says_so(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada", reduced_motion="reduce") as ada:
        ada.route("**/js/seat*.js", lambda route: route.abort())
        ada.goto("/lessons/hello-world/")
        expect(ada.get_by_text("A part of this page did not arrive")).to_be_visible()
        expect_nothing_found(ada, "page-partial")

        ada.unroute_all()
        ada.get_by_role("link", name="Load it again").click()
        expect_prompt(ada)


def test_a_file_pane_that_has_not_come_comes_with_the_next_click(ada: Page) -> None:
    ada.route("**/js/files/pane*.js", lambda route: route.abort(), times=1)
    files = ada.get_by_role("button", name="Files")
    files.click()
    expect(ada.get_by_text("A part of this page did not arrive")).to_be_visible()

    files.click()

    expect(ada.locator("[data-files]")).to_be_visible()
    expect(ada.locator(".partial")).to_be_hidden()


@pytest.fixture
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada") as page:
        open_lesson(page)
        yield page


@pytest.fixture
def ben(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ben") as page:
        yield page


@pytest.mark.attack("a terminal opened from elsewhere")
def test_another_learners_seat_and_no_seat_are_refused_alike_before_the_socket_opens(
    ada: Page, ben: Page, live: LiveServer
) -> None:
    seat = live.manage("shell", "-v", "0", "-c", SEAT_OF_ADA).strip().splitlines()[-1]

    assert knock(live, f"/ws/terminal/{seat}/", cookies(ada)) == 101
    assert knock(live, f"/ws/terminal/{seat}/", cookies(ben)) == 403
    assert knock(live, "/ws/terminal/0123456789ab/", cookies(ben)) == 403


@pytest.mark.parametrize("path", ["/ws/terminal/", "/ws/progress/", "/ws/anything/"])
@pytest.mark.attack("a terminal opened from elsewhere")
def test_a_socket_needs_a_session_and_a_page_of_this_site(ada: Page, live: LiveServer, path: str) -> None:
    assert knock(live, path, "") == 403
    assert knock(live, path, "sessionid=made-up") == 403
    assert knock(live, path, cookies(ada), origin="https://evil-playground.example") == 403
    assert knock(live, path, cookies(ada), origin=None) == 403


SEAT_OF_ADA = """
from playground.seats.models import Seat
print(Seat.objects.filter(state="lent", learner__display_name="Ada").latest("lent_at").id)
"""


def cookies(page: Page) -> str:
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())


def knock(live: LiveServer, path: str, cookie: str, origin: str | None = "own") -> int:
    """The status with which the server answers the handshake."""

    try:
        with connect(
            live.url.replace("http", "ws") + path,
            origin=Origin(live.url if origin == "own" else origin) if origin else None,
            additional_headers={"Cookie": cookie} if cookie else {},
            subprotocols=[SUBPROTOCOL],
        ):
            return 101
    except InvalidStatus as refusal:
        return refusal.response.status_code
