import pytest

from playground.files.paths import LONGEST_PATH, file_inside, inside
from playground.files.refusals import Refused


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("", "/root"),
        ("Dockerfile", "/root/Dockerfile"),
        ("site/pages/about.html", "/root/site/pages/about.html"),
        (".profile", "/root/.profile"),
        ("-rf", "/root/-rf"),
        ("$(reboot); 'a' \"b\"\n*", "/root/$(reboot); 'a' \"b\"\n*"),
    ],
)
def test_a_path_begins_at_the_learners_home_whatever_its_names_look_like(path: str, leads_to: str) -> None:
    assert inside(path) == leads_to


@pytest.mark.attack("a path that leaves the home")
@pytest.mark.parametrize(
    "path",
    [
        *(
            "..",
            "../etc/passwd",
            "a/../../etc",
            "/etc/passwd",
            "a//b",
            "a/",
            "./a",
            "a\0b",
            "\ud800",
            "a" * 256,
            "é" * 128,
        ),
        "a/" * (LONGEST_PATH // 2) + "a",
    ],
)
def test_a_path_that_leaves_the_home_or_is_none_is_refused(path: str) -> None:
    with pytest.raises(Refused, match="path"):
        inside(path)


def test_the_home_itself_is_no_file() -> None:
    with pytest.raises(Refused, match="path"):
        file_inside("")
