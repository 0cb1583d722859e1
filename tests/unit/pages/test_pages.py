"""What holds for every page."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from playground.checks import progress
from playground.classroom.models import Learner
from playground.curriculum.course import Course
from playground.pages.lookwords import look_words
from playground.pages.words import words

pytestmark = pytest.mark.django_db

SCRIPTS = settings.BASE_DIR / "static"
PAGES = ["/", "/lessons/", "/lessons/hello/", "/lessons/hello/think/", "/lessons/hello/~end/", "/me/",
         "/me/certificate/", "/me/delete/", "/search/", "/search/?q=hello", "/glossary/", "/nothing/"]  # fmt: skip


class Reader(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, adas_browser: Client, course: Course) -> Reader:
    return Reader(adas_browser.get(request.param).content)


def test_a_page_has_one_heading_one_main_part_and_a_way_to_skip_to_it(page: Reader) -> None:
    assert len(page.named("h1")) == 1
    assert [main["id"] for main in page.named("main")] == ["main"]
    assert page.named("a")[0]["href"] == "#main"


def test_a_page_says_its_language_and_has_a_title(page: Reader) -> None:
    assert page.named("html")[0]["lang"] == "en"
    assert page.named("title")


def test_a_page_has_no_inline_style_or_handler(page: Reader) -> None:
    names = {name for _, attributes in page.tags for name in attributes}
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]
    assert not page.named("style")


def test_a_page_asks_no_other_site_for_anything(page: Reader) -> None:
    sources = [value for _, attributes in page.tags for name, value in attributes.items() if name in {"src", "srcset"}]
    sources += [link["href"] for link in page.named("link")]
    assert sources
    assert all(str(source).startswith("/static/") for source in sources)


def test_every_field_has_a_label(page: Reader) -> None:
    labelled = {label.get("for") for label in page.named("label")}
    fields = [field for field in page.named("input") if field.get("type") not in {"hidden", "radio", "checkbox"}]
    assert all(field.get("id") in labelled for field in fields)


def test_a_script_on_the_page_carries_the_nonce_that_the_policy_names(adas_browser: Client, course: Course) -> None:
    response = adas_browser.get("/lessons/hello/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-eval'" not in policy
    inline = [script for script in Reader(response.content).named("script")
              if "src" not in script and script.get("type") != "application/json"]  # fmt: skip
    assert inline
    assert all(f"'nonce-{script['nonce']}'" in policy for script in inline)


def test_a_nonce_is_used_once(adas_browser: Client, course: Course) -> None:
    first, second = (adas_browser.get("/lessons/hello/").headers["Content-Security-Policy"] for _ in range(2))
    assert re.findall(r"nonce-\S+", first) != re.findall(r"nonce-\S+", second)


def test_the_theme_that_was_chosen_comes_with_the_page(client: Client) -> None:
    assert b"data-theme" not in client.get("/").content.split(b"<head>")[0]
    client.cookies["theme"] = "dark"
    assert b'data-theme="dark"' in client.get("/").content
    client.cookies["theme"] = '"><script>'
    assert b"data-theme" not in client.get("/").content.split(b"<head>")[0]


@pytest.mark.parametrize("path", ["/lessons/", "/lessons/hello/", "/lessons/hello/run/", "/me/", "/me/delete/"])
def test_a_stranger_is_asked_for_a_name_first(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/join/?next={path}"


@pytest.mark.parametrize("path", ["/lessons/none/", "/lessons/hello/none/", "/lessons/broken/", "/lessons/none/~end/"])
def test_what_is_not_there_is_a_404_with_a_way_on(adas_browser: Client, course: Course, path: str) -> None:
    response = adas_browser.get(path)
    assert response.status_code == 404
    assert b'href="/lessons/"' in response.content


@pytest.mark.parametrize(("path", "most"), [("/", 7), ("/lessons/", 7), ("/lessons/hello/", 6), ("/me/", 6)])
def test_a_page_takes_a_few_queries_however_much_was_done(
    adas_browser: Client,
    ada: Learner,
    course: Course,
    path: str,
    most: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for lesson in course.lessons:
        for step in lesson.steps:
            keys = [goal.key for goal in step.goals]
            progress.record(ada.pk, lesson.slug, step.id, keys, step_passed=True)
    with django_assert_max_num_queries(most):
        adas_browser.get(path)


def _said(scripts: Iterable[Path]) -> set[str]:
    return {name for file in scripts for name in re.findall(r'say\(\s*"([^"]+)"', file.read_text())}


def test_every_sentence_of_the_scripts_comes_with_the_page() -> None:
    said = _said(SCRIPTS.rglob("*.js"))
    # The map's are looked at in test_mapwords.py.
    assert {name for name in said if not name.startswith(("map-", "look-"))} == set(words())
    assert {name for name in said if name.startswith("look-")} == {n for n in look_words() if n.startswith("look-")}


def test_whoever_looks_on_gets_the_sentences_of_the_scripts_of_a_visit_and_no_others() -> None:
    pages = [SCRIPTS / "js" / name for name in ("terminals.js", "visit.js")]
    said = _said([*(SCRIPTS / "terminal").glob("*.js"), *pages])
    assert said - {"close-terminal"} == set(look_words())  # a visitor closes none


def test_a_process_check_gets_its_answer(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"
