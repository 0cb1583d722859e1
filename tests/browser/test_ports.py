"""A published port in the browser: a link shows up, leads to the learner's page, and that page is nobody's."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import join, open_lesson, say
from tests.live import LiveServer

PUBLISHED = 20_000  # milliseconds: pulled, started, told
REACHES = """
async (names) => {
  const tried = {};
  const attempt = async (name, reach) => {
    if (!names.includes(name)) return;
    try { tried[name] = String(await reach()); } catch { tried[name] = "kept out"; }
  };
  await attempt("cookies", () => document.cookie || "some");
  await attempt("storage", () => localStorage.length);
  await attempt("pages", async () => (await fetch("/me/", { credentials: "include" })).text());
  await attempt("frames", () => new Promise((done, fail) => {
    const frame = document.createElement("iframe");
    frame.src = "/lessons/";
    frame.onload = () => { try { done(frame.contentDocument.title); } catch { fail(); } };
    document.body.append(frame);
    setTimeout(fail, 3000);
  }).then((title) => { if (!title) throw new Error(); return title; }));
  await attempt("workers", () => navigator.serviceWorker.register("sw.js"));
  await attempt("socket", () => new Promise((done, fail) => {
    const socket = new WebSocket(`ws://${location.host}/ws/progress/`);
    socket.onopen = done;
    socket.onerror = fail;
  }));
  await attempt("origin", () => { if (self.origin === "null") throw new Error(); return self.origin; });
  return tried;
}
"""
OUR_OWN = ["cookies", "storage", "pages", "socket", "origin"]  # within reach of the lesson's page
EVERYTHING = [*OUR_OWN, "frames", "workers"]
SCRIPT = '<script>document.title = \\"it runs\\"</script>'
PAGE = f"mkdir /www; cd /www; echo '<h1>Hello from Ada</h1>{SCRIPT}' > index.html; echo 1 > sw.js; exec httpd -f"


@pytest.fixture
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada", viewport={"width": 1280, "height": 800}) as page:
        open_lesson(page)
        yield page


def click_in_terminal(page: Page, line: str) -> None:
    """On the end of a line that stands there by itself; a layer above the text takes the clicks."""
    box = page.locator(".xterm-rows").get_by_text(line, exact=True).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2, steps=3)
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2)


def test_a_published_port_is_a_link_to_a_page_that_can_reach_nothing_of_this_site(
    ada: Page, browser: Browser, live: LiveServer
) -> None:
    before = ada.locator(".terminal__screen").bounding_box()
    say(ada, f'docker run -d --name web -p 8080:80 busybox sh -c "{PAGE}"')
    link = ada.get_by_role("link", name="localhost:8080")
    expect(link).to_be_visible(timeout=PUBLISHED)
    assert ada.locator(".terminal__screen").bounding_box() == before
    with ada.expect_popup() as opened:
        link.click()
    preview = opened.value
    expect(preview.get_by_role("heading", name="Hello from Ada")).to_be_visible()
    expect(preview).to_have_title("it runs")
    assert preview.evaluate(REACHES, EVERYTHING) == dict.fromkeys(EVERYTHING, "kept out")
    assert "kept out" not in ada.evaluate(REACHES, OUR_OWN).values()
    assert preview.evaluate("document.referrer + (window.opener ?? '')") == ""

    with join(browser, live, "Ben") as bens:
        answer = bens.request.get(preview.url)
        assert (answer.status, "There is nothing here" in answer.text()) == (404, True)
        answer = ada.request.get(preview.url)
        assert (answer.status, "Hello from Ada" in answer.text()) == (200, True)

    ada.bring_to_front()
    say(ada, "clear; echo; echo see http://localhost:8080/index.html")
    expect(ada.locator(".xterm-rows")).to_contain_text("see http://localhost")
    with ada.expect_popup() as opened:
        click_in_terminal(ada, "see http://localhost:8080/index.html")
    assert opened.value.url == preview.url + "index.html"

    say(ada, "docker rm -f web")
    expect(link).to_have_count(0, timeout=PUBLISHED)
    preview.reload()
    expect(preview.get_by_role("heading", name="Nothing answers at port 8080")).to_be_visible()
