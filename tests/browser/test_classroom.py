"""Tess holds a class for Ada and Ben, each in a browser of their own; Cleo is somebody else's."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.hall import hall
from tests.browser.looks import NARROW, WIDE, expect_nothing_found
from tests.browser.people import expect_prompt, expect_ticks, join, run_block, say, screen, teach
from tests.live import LiveServer

SOON = 15_000  # milliseconds: passed, and the roster asked again
OPENS = """([path, ...protocols]) => new Promise((resolve) => {
  const socket = new WebSocket(`ws://${location.host}${path}`, protocols);
  socket.onopen = () => { resolve(true); socket.close(); };
  socket.onerror = () => resolve(false);
})"""


@pytest.fixture(scope="module")
def tess(browser: Browser, live: LiveServer) -> Iterator[Page]:
    """Signed in, at her classrooms."""
    with teach(browser, live, "Tess", reduced_motion="reduce", viewport=WIDE) as page:
        expect_nothing_found(page, "classrooms-none")
        yield page


@pytest.fixture(scope="module")
def code(tess: Page) -> str:
    """Of the classroom that Tess makes: two lessons, the second one first, and three seats."""
    tess.get_by_role("link", name="New classroom").click()
    tess.get_by_label("Name").fill("Monday morning")
    for box in tess.get_by_role("checkbox").all():
        box.uncheck()
    for title in ("What Docker is", "Hello, world, step by step"):
        tess.get_by_role("checkbox", name=title).check()
    tess.get_by_role("button", name="Move “Hello, world, step by step” up").click()
    tess.get_by_label("Seats").fill("3")
    expect_nothing_found(tess, "classroom-form")
    tess.get_by_role("button", name="Make the classroom").click()
    expect(tess.get_by_role("heading", name="Monday morning")).to_be_visible()
    expect_nothing_found(tess, "classroom-empty")
    return tess.locator(".class__code").inner_text()


@pytest.fixture(scope="module")
def ada(browser: Browser, live: LiveServer, code: str) -> Iterator[Page]:
    """Came by the code that she read on the wall."""
    context = browser.new_context(base_url=live.url, reduced_motion="reduce", viewport=WIDE)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Join your classroom").click()
    page.get_by_label("code").fill(code.lower())
    page.get_by_role("button", name="Join").click()
    expect_nothing_found(page, "join-classroom")
    page.get_by_label("display name").fill("Ada")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("You are in “Monday morning”")).to_be_visible()
    yield page
    context.close()


@pytest.fixture(scope="module")
def ben(browser: Browser, live: LiveServer, code: str, ada: Page) -> Iterator[Page]:
    """Was here before, and followed the link."""
    with join(browser, live, "Ben", reduced_motion="reduce") as page:
        page.goto(f"/c/{code.replace('-', '')}/")
        page.get_by_role("button", name="Join as Ben").click()
        yield page


def test_seats_are_started_before_class_and_let_go(tess: Page, code: str) -> None:
    tess.get_by_role("button", name="Get 3 seats ready").click()
    expect(tess.get_by_role("heading", name="3 seats ready", exact=True)).to_be_visible()
    expect_nothing_found(tess, "classroom-warm")
    tess.get_by_role("button", name="Let them go").click()
    expect(tess.get_by_role("heading", name="3 seats kept for this class")).to_be_visible()


def test_learners_see_the_teachers_lessons_and_the_teacher_sees_them_move(
    tess: Page, ada: Page, ben: Page, live: LiveServer
) -> None:
    expect(ada.locator(".course__text h2 a")).to_have_text(["Hello, world, step by step", "What Docker is"])
    roster = tess.locator(".roster tbody tr")
    expect(roster).to_have_count(2, timeout=SOON)

    ada.goto("/lessons/hello-world/")
    expect_prompt(ada)
    run_block(ada, "docker images")
    expect_ticks(ada, "empty-shelf")

    adas = roster.filter(has=tess.get_by_role("rowheader", name="Ada"))
    expect(adas).to_contain_text("at work", timeout=SOON)
    expect(adas).to_contain_text("2. ")
    expect(adas).to_contain_text("1/13")
    bens = roster.filter(has=tess.get_by_role("rowheader", name="Ben"))
    expect(bens).to_contain_text("away")
    expect(roster.first).to_contain_text("Ada")

    say(ada, "for _ in 1 2 3; do docker create --name web busybox; done")
    expect(adas).to_contain_text("2 errors: name is already in use", timeout=SOON)
    expect_nothing_found(tess, "classroom")


def test_the_teacher_sifts_the_roster_and_what_was_chosen_stays_while_it_moves(
    tess: Page, ada: Page, ben: Page
) -> None:
    def chip(name: str) -> Locator:
        return tess.get_by_role("button", name=name)

    names = tess.locator(".roster tbody tr:visible").get_by_role("rowheader")
    expect(chip("2 in the class")).to_have_attribute("aria-pressed", "true")
    chip("1 away").press("Enter")
    expect(names).to_have_text(["Ben"])
    say(ada, "docker create --name web busybox")
    expect(tess.locator(".roster tbody tr", has_text="3 errors")).to_have_count(1, timeout=SOON)
    expect(names).to_have_text(["Ben"])
    expect(chip("1 away")).to_be_focused()

    chip("2 in the class").click()
    tess.get_by_label("Find a name").fill("AD")
    expect(names).to_have_text(["Ada"])
    tess.get_by_label("Find a name").fill("x")
    expect(tess.get_by_text("Nobody in the class fits")).to_be_visible()
    tess.get_by_label("Find a name").fill("")
    tess.get_by_label("Sort by").select_option("name, A to Z")
    expect(names).to_have_text(["Ada", "Ben"])


def test_the_steps_of_the_class_are_the_teachers_to_see(tess: Page, ada: Page) -> None:
    tess.get_by_role("link", name="Step by step").click()
    second = tess.get_by_role("row", name="2. ").first
    expect(second).to_contain_text("name is already in use (1 learner)")
    expect_nothing_found(tess, "class-steps")
    tess.get_by_role("link", name="Monday morning").click()


def test_a_raised_hand_is_seen_and_what_the_teacher_says_can_be_run(tess: Page, ada: Page, ben: Page) -> None:
    ada.get_by_role("button", name="Raise your hand").click()
    expect(ada.get_by_text("Your hand is up. You are next.")).to_be_visible()
    expect(tess.get_by_role("button", name="Hand is up")).to_be_visible(timeout=SOON)
    expect_nothing_found(tess, "classroom-hand")

    tess.get_by_role("link", name="Ada", exact=True).click()
    expect(tess.get_by_label("To", exact=True).locator("option:checked")).to_have_text("Ada")
    tess.get_by_label("Message").fill("This shows what is there:")
    tess.get_by_label("A command to run").fill("docker ps --all")
    tess.get_by_role("button", name="Send").click()
    expect(tess.get_by_text("Sent.")).to_be_visible()
    run_block(ada, "docker ps --all")
    expect(screen(ada)).to_contain_text("CONTAINER ID")
    expect_nothing_found(ada, "lesson-classroom")

    tess.get_by_role("button", name="Hand is up").click()
    expect(ada.get_by_role("button", name="Raise your hand")).to_be_visible()
    ada.get_by_role("button", name="Got it").click()
    expect(ada.get_by_text("This shows what is there:")).to_be_hidden()
    expect(ada.get_by_role("button", name="Raise your hand")).to_be_focused()


def test_an_answer_that_is_kept_ready_arrives_as_it_was_picked(tess: Page, ada: Page) -> None:
    ready = tess.locator("#canned option").nth(3).get_attribute("value")
    assert ready == "I am coming to you."
    message = tess.get_by_label("Message")
    expect(message).to_have_attribute("list", "canned")
    message.fill(ready)
    tess.get_by_role("button", name="Send").click()
    expect(ada.get_by_text(ready)).to_be_visible()
    ada.get_by_role("button", name="Got it").click()
    expect(ada.get_by_text(ready)).to_be_hidden()


def test_the_teacher_looks_on_and_types_by_consent_and_the_learner_always_sees_it(
    tess: Page, ada: Page, ben: Page, live: LiveServer
) -> None:
    classroom = tess.url.partition("?")[0].partition("#")[0]
    tess.get_by_role("link", name="Look at the terminal of Ada").click()
    expect(tess.get_by_role("heading", name="Ada")).to_be_visible()
    expect(screen(tess)).to_contain_text("docker ps --all")
    visited = ada.locator("[data-visit]")
    expect(visited).to_contain_text("Tess sees your terminal.")
    say(ada, "echo seen-by-$((1 + 1))")
    expect(screen(tess)).to_contain_text("seen-by-2")
    expect_nothing_found(tess, "visit")
    expect_nothing_found(ada, "lesson-visited")

    say(tess, "echo unasked-$((1 + 1))")
    tess.get_by_role("button", name="Ask to type").click()
    expect(visited).to_contain_text("asks to type")
    expect_nothing_found(ada, "lesson-visit-asked")
    ada.get_by_role("button", name="Let them type").click()
    expect(tess.locator("[data-visit-status]")).to_contain_text("You may type.")
    say(tess, "echo together-$((1 + 1))")
    expect(screen(ada)).to_contain_text("together-2")
    expect(screen(ada)).not_to_contain_text("unasked")
    expect_nothing_found(tess, "visit-typing")
    ada.set_viewport_size(NARROW)  # a phone that shows the lesson
    expect(visited).to_contain_text("may type")
    expect_nothing_found(ada, "lesson-visit-typing-narrow")
    ada.set_viewport_size(WIDE)

    ada.reload()
    expect(visited).to_contain_text("may type")
    ada.get_by_role("button", name="End the visit").click()
    expect(tess.get_by_role("button", name="Visit again")).to_be_visible()
    expect(visited).to_be_hidden()
    expect_nothing_found(tess, "visit-over")
    tess.goto(classroom)


def test_the_projector_shows_how_to_join_and_no_name(tess: Page, ada: Page, ben: Page, code: str) -> None:
    address = tess.url.partition("?")[0].partition("#")[0]
    tess.get_by_role("link", name="Projector").click()
    expect(tess.locator(".projector__code")).to_have_text(code)
    expect(tess.get_by_role("img", name="QR code")).to_be_visible()
    expect(tess.locator("main")).not_to_contain_text("Ada")
    expect_nothing_found(tess, "projector")
    tess.get_by_role("link", name="Show names").click()
    expect(tess.locator(".projector__names")).to_contain_text("Ada")
    tess.goto(address)


@pytest.mark.attack("another's classroom")
def test_somebody_from_elsewhere_gets_nothing(
    browser: Browser, live: LiveServer, tess: Page, ada: Page, ben: Page
) -> None:
    adas = tess.locator(".roster tbody tr", has_text="Ada").get_attribute("data-learner")
    number = tess.locator("[data-roster]").get_attribute("data-classroom")
    sockets = ([f"/ws/classrooms/{number}/"], [f"/ws/visits/{number}/{adas}/1/", "playground.terminal.1"])
    assert [tess.evaluate(OPENS, socket) for socket in sockets] == [True, True]
    with join(browser, live, "Cleo") as cleo:
        for path in ("", "roster/", "steps/", "seats/", "projector/", "results.csv", "edit/", f"visit/{adas}/"):
            answer = cleo.request.get(tess.url + path)
            assert (answer.status, "Ada" in answer.text()) == (404, False), path
        assert [cleo.evaluate(OPENS, socket) for socket in sockets] == [False, False]
        cleo.goto("/lessons/")
        expect(cleo.locator(".course__text h2 a")).to_have_count(11)


def set_seats(tess: Page, seats: int) -> None:
    tess.get_by_role("link", name="Settings").click()
    tess.get_by_label("Seats").fill(str(seats))
    tess.get_by_role("button", name="Save").click()
    expect(tess.get_by_text("Saved.")).to_be_visible()


def test_a_class_with_all_its_seats_in_use_makes_latecomers_wait(tess: Page, ada: Page, ben: Page) -> None:
    expect(screen(ada)).to_contain_text("docker ps --all")
    set_seats(tess, 1)
    ben.goto("/lessons/hello-world/")
    queue = ben.locator("[data-notice=queue]")
    expect(queue).to_contain_text("Every seat of your class is taken (1). You are number 1 in the queue")
    expect(queue).to_contain_text("It may take up to 4 hours.")
    expect_nothing_found(ben, "seat-queue-class")

    set_seats(tess, 0)
    expect(tess.get_by_role("link", name="Keep some")).to_be_visible()
    expect_nothing_found(tess, "classroom-no-seats")
    expect_prompt(ben)


def test_a_hall_has_a_line_for_each(tess: Page, ada: Page, ben: Page, live: LiveServer) -> None:
    live.manage("shell", "--command", hall("Monday morning"))
    tess.reload()
    rows = tess.locator(".roster--dense tbody tr:visible")
    expect(rows).to_have_count(62)
    expect(rows.first).to_contain_text("Hand is up")
    expect_nothing_found(tess, "classroom-hall")
    heights = rows.evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().height)")
    assert max(heights) - min(heights) < 2, heights
    buttons = tess.locator(".roster__actions")
    assert buttons.evaluate_all("cells => cells.every((cell) => cell.scrollWidth <= cell.clientWidth)")
    tess.get_by_label("Find a name").fill("smythe")
    expect(rows.get_by_role("rowheader")).to_have_text(["Maximiliana Featherstonehaugh-Smythe"])


def test_closing_ends_the_seats_and_what_was_passed_stays(tess: Page, ada: Page) -> None:
    expect(screen(ada)).to_contain_text("docker ps --all")
    tess.get_by_role("button", name="Close the classroom").click()
    expect(tess.get_by_text("The classroom is closed.")).to_be_visible()
    expect_nothing_found(tess, "classroom-closed")
    expect(ada.get_by_role("button", name="Get a new seat")).to_be_visible(timeout=SOON)
    expect(ada.locator("[data-notice=ended]")).to_contain_text("classroom")
    expect_ticks(ada, "empty-shelf")


def test_everything_about_the_class_goes_at_once(tess: Page, ada: Page, ben: Page) -> None:
    tess.get_by_role("link", name="Delete the classroom…").click()
    expect_nothing_found(tess, "classroom-delete")
    tess.get_by_role("button", name="Delete the classroom").click()
    expect(tess.get_by_text("have been deleted")).to_be_visible()
    for page in (ada, ben):
        page.wait_for_url(re.compile("/join/"), timeout=SOON)
    ben.goto("/lessons/")
    ben.wait_for_url(re.compile("/join/"))
