"""axe-core finds nothing on the way to an account and back to it, and on the pages for when something went wrong."""

import http.client
import random
import re
import secrets
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.looks import WIDE, expect_nothing_found
from tests.browser.people import join
from tests.live import LiveServer

PASSWORD, ANOTHER = "three whales at noon", "a harbour at dawn"
TRIES = 130  # more than an hour has


@pytest.fixture
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada", reduced_motion="reduce", viewport=WIDE) as page:
        yield page


@pytest.fixture
def stranger(browser: Browser, live: LiveServer) -> Iterator[Page]:
    page = browser.new_page(base_url=live.url, reduced_motion="reduce", viewport=WIDE)
    yield page
    page.close()


def press(page: Page, button: str, **fields: str) -> None:
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text)
    page.get_by_role("main").get_by_role("button", name=button).click()


def test_nothing_is_found_on_the_way_to_an_account_and_a_new_password(ada: Page, mail: Path) -> None:
    ada.goto("/me/account/")
    name = f"ada.{secrets.token_hex(4)}"
    address = f"{name}@school.example"
    press(ada, "Make", Username="guest-ada", Password=PASSWORD)
    expect(ada.get_by_role("alert").first).to_be_visible()
    expect_nothing_found(ada, "account-errors")
    names = {"Username": name, "Password": PASSWORD, "The_same_password_again": PASSWORD, "Email_address": address}
    press(ada, "Make", **names)
    expect(ada.get_by_text("You have an account now")).to_be_visible()
    expect_nothing_found(ada, "me-account")
    ada.get_by_role("link", name="Change password").click()
    press(ada, "Change password", Old_password="wrong")
    expect(ada.get_by_role("alert").first).to_be_visible()
    expect_nothing_found(ada, "password-errors")

    ada.goto("/me/")
    ada.get_by_role("link", name="Change username or email").click()
    expect_nothing_found(ada, "account-details")
    address = f"{name}@home.example"
    press(ada, "Save", Username="guest-ada", Email_address=address, Your_password="wrong")
    expect(ada.get_by_text("This is not your password")).to_be_visible()
    expect(ada.get_by_label("Email address")).to_have_value(address)
    expect_nothing_found(ada, "account-details-errors")
    press(ada, "Save", Username=name, Your_password=PASSWORD)
    expect(ada.get_by_text("Your account has been changed")).to_be_visible()
    expect(ada.get_by_text(address)).to_be_visible()
    expect_nothing_found(ada, "me-account-changed")
    (told,) = (text for text in (each.read_text() for each in mail.iterdir()) if f"To: {name}@school" in text)
    assert address not in told

    ada.goto("/password/")
    expect_nothing_found(ada, "forgotten")
    press(ada, "Send the email", Email=address)
    ada.goto("/me/")
    ada.get_by_role("button", name="Sign out").click()
    (letter,) = (text for text in (each.read_text() for each in mail.iterdir()) if address in text)
    (link,) = re.findall(r"http://\S+", letter)
    ada.goto(link)
    expect_nothing_found(ada, "new-password")
    press(ada, "Change password", New_password=ANOTHER, The_same_password_again=ANOTHER)
    expect(ada.get_by_text("Your password has been changed")).to_be_visible()
    press(ada, "Sign in", Username=name, Password=ANOTHER)
    expect(ada.get_by_role("link", name="Ada")).to_be_visible()
    ada.goto(link)
    expect_nothing_found(ada, "new-password-used")


def test_nothing_is_found_where_a_form_is_refused(stranger: Page) -> None:
    stranger.goto("/join/")
    stranger.context.clear_cookies()
    press(stranger, "Start", Your_display_name="Ada")
    expect(stranger.get_by_role("heading", name="This form was open for too long")).to_be_visible()
    expect_nothing_found(stranger, "form-too-old")

    stranger.goto("/sign-in/")
    repeat(stranger, "/sign-in/", 10, username="nobody", password="guessed")
    press(stranger, "Sign in", Username="nobody", Password="guessed")
    expect(stranger.get_by_role("heading", name="Too many wrong passwords")).to_be_visible()
    expect_nothing_found(stranger, "locked-out")

    stranger.goto("/password/")
    use_up_tries(stranger, "/password/")
    press(stranger, "Send the email", Email="nobody@school.example")
    expect(stranger.get_by_role("heading", name="Too many tries from here")).to_be_visible()
    expect_nothing_found(stranger, "too-many-tries")


def test_nothing_is_found_where_there_is_nothing_for_a_learner(ada: Page) -> None:
    ada.goto("/classrooms/1/")
    expect_nothing_found(ada, "classroom-of-nobody")
    ada.goto("/c/BCDFGH/")
    expect(ada.get_by_role("alert")).to_be_visible()
    expect_nothing_found(ada, "code-unknown")


@pytest.mark.parametrize("name", ["403", "500"])
def test_nothing_is_found_on_a_page_that_no_address_leads_to(stranger: Page, name: str) -> None:
    """As Django renders it; what it is made of comes from the server."""

    def answer(route: Route) -> None:
        route.fulfill(body=render_to_string(f"{name}.html"), content_type="text/html")

    stranger.route("**/refused/", answer)
    stranger.goto("/refused/")
    expect_nothing_found(stranger, name)


def test_nothing_is_found_in_a_lesson_without_the_server(ada: Page) -> None:
    ada.route_web_socket("**/ws/**", lambda socket: socket.close())
    ada.goto("/lessons/hello-world/")
    expect(ada.locator(".terminal__state")).to_have_attribute("data-state", "reconnecting")
    expect_nothing_found(ada, "lesson-offline")


def use_up_tries(page: Page, path: str) -> None:
    """Those of an address of its own, from which the form at hand is sent then too: the server counts its tries apart
    from those of everybody else here."""
    address = f"127.{random.randint(1, 254)}.{random.randint(0, 255)}.{random.randint(1, 254)}"
    place = urllib.parse.urlsplit(page.url)
    headers = {
        "Cookie": "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies()),
        "Origin": f"{place.scheme}://{place.netloc}",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def send(form: str | None) -> tuple[int, dict[str, str], bytes]:
        wire = http.client.HTTPConnection(place.netloc, source_address=(address, 0))
        wire.request("POST", path, form, headers)
        answer = wire.getresponse()
        body = answer.read()
        wire.close()
        return answer.status, dict(answer.getheaders()), body

    def carry(route: Route) -> None:
        status, fields, body = send(route.request.post_data)
        route.fulfill(status=status, headers=fields, body=body)

    token = page.get_by_role("main").locator("[name=csrfmiddlewaretoken]").input_value()
    for _ in range(TRIES):
        send(urllib.parse.urlencode({"csrfmiddlewaretoken": token, "email": ""}))
    page.route(f"**{path}", carry)


def repeat(page: Page, path: str, times: int, **fields: str) -> None:
    """The form at hand, sent so often by the page itself."""
    script = """async ([path, times, fields]) => {
        const token = document.querySelector("main [name=csrfmiddlewaretoken]").value;
        const body = () => new URLSearchParams({ ...fields, csrfmiddlewaretoken: token });
        const sent = Array.from({ length: times }, () => fetch(path, { method: "POST", body: body() }));
        await Promise.all(sent);
    }"""
    page.evaluate(script, [path, times, fields])
