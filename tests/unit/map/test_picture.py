"""The picture of a seat; the states are the test's own."""

import json

from playground.gateway.state import ContainerState, ImageState, State
from playground.map.picture import Image, Picture, Stack, picture_of

BASE, TOOLS, APP, NOTES = (f"sha256:{letter * 64}" for letter in "0123")
BUSYBOX = ImageState("sha256:" + "b" * 64, ("busybox:latest",), layers=(BASE,), size=4_000_000)
WEB = ImageState("sha256:" + "e" * 64, ("web:1", "web:2"), layers=(BASE, TOOLS, APP))
DOCS = ImageState("sha256:" + "d" * 64, ("docs:1",), layers=(BASE, TOOLS, NOTES))


def container(name: str, image: ImageState, status: str = "running") -> ContainerState:
    return ContainerState(name * 64, name, image.tags[0], image.id, status, None)


def layers(stack: Stack) -> list[str]:
    """All of them, as often as they are drawn."""
    return [*stack.layers, *(layer for one in stack.above for layer in layers(one))]


def images(picture: Picture) -> list[Image]:
    def within(stack: Stack) -> list[Image]:
        return [*stack.images, *(image for one in stack.above for image in within(one))]

    return [image for stack in picture.stacks for image in within(stack)]


def test_a_shared_layer_is_there_once_and_the_images_stand_on_it() -> None:
    [stack] = picture_of(State(images=(WEB, BUSYBOX, DOCS))).stacks

    assert sorted(layers(stack)) == ["0" * 12, "1" * 12, "2" * 12, "3" * 12]
    assert (stack.layers, [image.names for image in stack.images]) == (("0" * 12,), [("busybox:latest",)])
    [tools] = stack.above
    assert (tools.layers, tools.images) == (("1" * 12,), ())
    assert [[image.names for image in one.images] for one in tools.above] == [[("docs:1",)], [("web:1", "web:2")]]


def test_layers_that_nothing_parts_are_one_stack() -> None:
    [stack] = picture_of(State(images=(WEB,))).stacks
    assert stack.layers == ("0" * 12, "1" * 12, "2" * 12)
    assert stack.above == ()


def test_containers_stand_on_their_image_in_the_order_of_their_making() -> None:
    ada, ben = container("b", BUSYBOX), container("a", BUSYBOX, "exited")
    [image] = images(picture_of(State(containers=(ada, ben), images=(BUSYBOX,))))
    assert [(one.name, one.state, one.image) for one in image.containers] == [
        ("b", "running", "busybox:latest"),
        ("a", "exited", "busybox:latest"),
    ]
    assert image.containers[0].id == "b" * 12


def test_images_with_the_same_layers_stand_side_by_side() -> None:
    same = ImageState("sha256:" + "f" * 64, (), layers=BUSYBOX.layers)
    [stack] = picture_of(State(images=(BUSYBOX,), unnamed=(same,))).stacks
    assert [image.names for image in stack.images] == [("busybox:latest",), ()]


def test_images_are_in_the_order_in_which_people_count() -> None:
    many = [ImageState(f"sha256:{at}", (f"app:{at}",), layers=(f"sha256:{at}",)) for at in (10, 9, 1)]
    assert [image.names for image in images(picture_of(State(images=tuple(many))))] == [
        ("app:1",),
        ("app:9",),
        ("app:10",),
    ]


def test_a_container_is_drawn_even_while_nobody_knows_its_image() -> None:
    picture = picture_of(State(containers=(container("a", BUSYBOX),)))
    [image] = images(picture)
    assert ([one.name for one in image.containers], image.listed) == (["a"], False)


def test_the_networks_that_every_engine_has_are_left_out() -> None:
    web = ContainerState("a" * 64, "web", "busybox", BUSYBOX.id, "running", None, networks=("bridge", "front"))
    picture = picture_of(State(containers=(web,), images=(BUSYBOX,), networks=("front",), volumes=("data",)))
    assert (picture.networks, picture.volumes) == (("front",), ("data",))
    assert images(picture)[0].containers[0].networks == ("front",)


def test_twelve_containers_and_twenty_images_of_many_layers_are_a_small_message() -> None:
    shared = tuple("sha256:" + f"{number:02}" * 32 for number in range(20))
    many = tuple(
        ImageState("sha256:" + f"{at:02}" * 32, (f"{'n' * 120}:{at}",), layers=(*shared, "sha256:" + f"{at + 40}" * 32))
        for at in range(20)
    )
    running = tuple(container(f"{'c' * 120}{number}", many[number]) for number in range(12))
    text = json.dumps(picture_of(State(containers=running, images=many)).as_json())
    assert len(text) < 16_384
