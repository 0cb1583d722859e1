"""What a container may be called, and what an image's name means (attacks E 88, G 104)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.gateway.policy.errors import Refused
from playground.gateway.policy.names import check_name, check_seat, from_engine, parse_reference, random_name


@pytest.mark.parametrize(
    "text", ["busybox", "busybox:latest", "library/busybox", "docker.io/busybox", "index.docker.io/library/busybox"]
)
def test_one_image_has_many_spellings(text: str) -> None:
    assert parse_reference(text).familiar == "busybox:latest"


@pytest.mark.parametrize("text", ["ada/web:1.0", "localhost/web:1", "localhost:5000/ada/web:x", "ghcr.io/a/b:latest"])
def test_a_name_survives_the_way_to_the_engine_and_back(text: str) -> None:
    reference = parse_reference(text)
    assert from_engine("ada", f"{reference.on_engine('ada')}:{reference.tag}") == text


@given(
    st.from_regex(
        r"([a-z][a-z0-9]{0,8}(\.[a-z]{2,4})?(:[0-9]{1,5})?/)?[a-z0-9]{1,9}(/[a-z0-9]{1,9})?:[a-z0-9]{1,9}",
        fullmatch=True,
    )
)
def test_no_two_names_become_one_on_the_engine(text: str) -> None:
    reference = parse_reference(text)
    back = from_engine("ada", f"{reference.on_engine('ada')}:{reference.tag}")
    assert back is not None
    assert parse_reference(back) == reference


def test_another_seats_tag_is_not_the_learners() -> None:
    assert from_engine("ada", "pg-ada2/busybox:latest") is None
    assert from_engine("ada", "playground-catalogue/busybox:latest") is None


def test_a_tag_of_anybodys_name_space_lands_in_the_learners_own() -> None:
    assert parse_reference("pg-ben/busybox").on_engine("ada") == "pg-ada/pg-ben/busybox"


@pytest.mark.parametrize(
    "text",
    ["", "Busybox", "a//b", "a:b:c", "../x", "a b", "-a", "a/", "x" * 300, "a:" + "t" * 200, "ben@sha256:1", "A.B/c"],
)
def test_a_name_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_reference(text)
    assert refusal.value.status in (400, 404)


@pytest.mark.parametrize("name", ["web", "/web", "a1", "Web_1.x-y", "a" * 63, "pg-ben-web"])
def test_a_containers_name_is_taken_as_docker_takes_it(name: str) -> None:
    assert check_name(name) == name.removeprefix("/")


@pytest.mark.parametrize("name", ["", "a", "../x", "a b", "a\nb", "-a", ".a", "a" * 64, "//web", "a/b", "é1"])
def test_a_containers_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="Invalid container name"):
        check_name(name)


def test_a_generated_name_is_one_that_could_have_been_given() -> None:
    assert check_name(random_name())


@pytest.mark.parametrize("seat", ["", "ada-1", "Ada", "a/b", "a" * 33])
def test_a_seats_id_cannot_be_the_beginning_of_another_seats_names(seat: str) -> None:
    with pytest.raises(ValueError, match="seat's id"):
        check_seat(seat)
