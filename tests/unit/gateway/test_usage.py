"""How much of the disk a seat's images take."""

from typing import Any

from playground.gateway.policy.usage import usage


def image(size: int, *layers: str) -> dict[str, Any]:
    return {"Size": size, "RootFS": {"Layers": list(layers)}}


def test_layers_that_several_images_have_count_once() -> None:
    found = usage(
        {"base": image(100, "a"), "one": image(110, "a", "b"), "two": image(125, "a", "c"), "x": image(7, "z")}
    )
    assert found.total == 100 + 10 + 25 + 7
    assert found.shared == {"base": 100, "one": 100, "two": 100, "x": 0}


def test_two_images_of_the_same_layers_share_all_of_them() -> None:
    found = usage({"one": image(110, "a", "b"), "same": image(110, "a", "b")})
    assert found.total == 110
    assert found.shared == {"one": 110, "same": 110}


def test_an_image_without_layers_takes_nothing() -> None:
    assert usage({"empty": image(0), "other": {"Size": 5, "RootFS": {"Layers": ["a"]}}}).total == 5


def test_what_is_shared_without_an_image_of_its_own_is_not_known() -> None:
    found = usage({"one": image(110, "a", "b"), "two": image(125, "a", "c")})
    assert (found.total, found.shared) == (235, {"one": 0, "two": 0})
