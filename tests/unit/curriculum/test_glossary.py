"""The glossary: its file, and terms explained where a step first uses them."""

from pathlib import Path

import pytest

from playground.curriculum.course import load
from playground.curriculum.errors import BadLesson
from playground.curriculum.glossary import Glossary, parse
from playground.curriculum.model import Lesson
from playground.curriculum.rendering import rendered
from tests.unit.curriculum.lessons import HEAD, STEP, lesson, parse_check

WORDS = """# Words

## image
also: images

Files,
not *running*.

## bind mount

A directory.

## mount

To show.
"""


def explained(text: str, words: str = WORDS) -> Lesson:
    return parse(words, "glossary.md").explained(rendered(lesson(text)))


def terms_in(html: str) -> list[str]:
    return [part.split("</button>")[0] for part in html.split('class="term"')[1:] for part in [part.partition(">")[2]]]


def test_a_term_has_a_name_other_forms_and_one_paragraph() -> None:
    bind_mount, image, _ = parse(WORDS, "glossary.md").terms
    assert (bind_mount.name, bind_mount.slug, bind_mount.also) == ("bind mount", "bind-mount", ())
    assert (image.also, image.html) == (("images",), "Files, not <em>running</em>.")


def test_the_first_use_in_each_step_is_explained() -> None:
    again = STEP.replace("do-it", "again")
    first, second = explained(HEAD + STEP + "Images and one image.\n" + again + "An image.\n").steps
    assert terms_in(first.html) == ["Images"]
    assert terms_in(second.html) == ["image"]
    assert 'popovertarget="term-do-it-image">Images</button>' in first.html
    assert 'id="term-do-it-image" popover' in first.html


def test_the_introduction_and_the_first_step_are_one_page() -> None:
    read = explained(HEAD + "An image.\n" + STEP + "An image.\n")
    assert (terms_in(read.intro_html), terms_in(read.steps[0].html)) == (["image"], [])


def test_the_longest_term_is_the_one_that_is_meant() -> None:
    assert terms_in(explained(HEAD + STEP + "A bind mount, then a mount.\n").steps[0].html) == ["bind mount", "mount"]


@pytest.mark.parametrize(
    "text",
    ["`image`", "[image](https://example.org/image)", "### An image", "```sh run\nimage\n```", "imagery, re-image"],
)
def test_no_term_is_made_of_what_is_typed_followed_or_a_heading(text: str) -> None:
    assert terms_in(explained(HEAD + STEP + text + "\n").steps[0].html) == []


def test_attributes_are_left_alone() -> None:
    html = explained(HEAD + STEP + '[x](https://example.org "an image > all")\n').steps[0].html
    assert terms_in(html) == []


BROKEN = {
    "## image\n": [(1, "`image` has no explanation")],
    "## image\n\nx\n\n## Image\n\ny\n": [(5, "`image` is explained in line 1 already")],
    "## i<b>\n\nx\n": [(1, "`i<b>` is no term: words of letters and digits")],
    "## a\nalso: a\n\nx\n": [(1, "`a` is no term: words of letters and digits")] * 2,
}


@pytest.mark.parametrize("text", BROKEN)
def test_an_error_is_told_with_its_line(text: str) -> None:
    with pytest.raises(BadLesson) as bad:
        parse(text, "glossary.md")
    assert [(error.line, error.message) for error in bad.value.errors] == BROKEN[text]


def test_a_broken_glossary_leaves_the_lessons_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "01-one").mkdir()
    (tmp_path / "01-one" / "lesson.md").write_text(HEAD + STEP + "An image.\n")
    (tmp_path / "glossary.md").write_text("## image\n")
    course = load(tmp_path, parse_check, refresh=True)
    assert [str(error) for error in course.errors] == ["glossary.md:1: `image` has no explanation"]
    assert terms_in(course.lessons[0].steps[0].html) == []
    (tmp_path / "glossary.md").write_text(WORDS + "\n")
    assert terms_in(course.lessons[0].steps[0].html) == ["image"]
    assert course.errors == ()


def test_an_empty_glossary_explains_nothing() -> None:
    assert Glossary().explained(rendered(lesson(HEAD + STEP))).steps
