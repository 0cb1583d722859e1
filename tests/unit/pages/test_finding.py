"""The search page and the glossary page."""

from django.test import Client

from playground.curriculum.course import Course


def test_a_search_finds_steps_and_leads_to_them(adas_browser: Client, course: Course) -> None:
    page = adas_browser.get("/search/", {"q": "hello"}).content.decode()
    assert 'href="/lessons/hello/run/"' in page
    assert "<mark>hello</mark>" in page
    assert 'value="hello"' in page


def test_what_was_asked_for_is_never_markup(adas_browser: Client, course: Course) -> None:
    page = adas_browser.get("/search/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_nothing_found_says_what_to_do(adas_browser: Client, course: Course) -> None:
    assert "No step has" in adas_browser.get("/search/", {"q": "zebra"}).content.decode()


def test_an_author_s_change_is_found(adas_browser: Client, course: Course) -> None:
    assert "zebra" not in str(course.lessons)
    file = course._directory / "01-hello" / "lesson.md"
    file.write_text(file.read_text().replace("Welcome.", "A zebra."))
    course._stamps = None
    course._read()
    assert "<mark>zebra</mark>" in adas_browser.get("/search/", {"q": "zebra"}).content.decode()


def test_the_glossary_lists_its_terms(adas_browser: Client, course: Course) -> None:
    (course._directory / "glossary.md").write_text("## image\n\nFiles & more.\n")
    course._stamps = None
    course._read()
    page = adas_browser.get("/glossary/").content.decode()
    assert 'id="image"' in page
    assert "Files &amp; more." in page
