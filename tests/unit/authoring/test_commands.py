"""What the lint reads out of shell commands."""

import pytest

from playground.authoring.commands import containers_named, images_made, images_wanted


@pytest.mark.parametrize(
    ("text", "images"),
    [
        ("docker run busybox echo hello-world", ["busybox"]),
        ("docker run --rm -it --name x -e A=b --memory 32m busybox sh", ["busybox"]),
        ("docker container run -d --name=x nginx:alpine", ["nginx:alpine"]),
        ("docker pull alpine && docker create busybox", ["alpine", "busybox"]),
        ("time docker run busybox; docker save alpine | tar -t", ["busybox", "alpine"]),
        ("docker run busybox sh -c 'docker run nothing'", ["busybox"]),
        ("docker run busybox sh -c 'first\ndocker run nothing'", ["busybox"]),
        ("id=$(docker create busybox)\ndocker start $id", ["busybox"]),
        ("# docker run nothing", []),
        ("docker run -t busybox", ["busybox"]),
        ("docker run \\\n  --rm busybox", ["busybox"]),
        ("cat > Dockerfile <<E\nFROM alpine\nFROM --platform=x y\nE", ["alpine"]),
        ("echo it's docker run busybox", []),
    ],
)
def test_images_are_found_where_a_command_takes_one(text: str, images: list[str]) -> None:
    assert list(images_wanted(text)) == images


def test_images_are_made_by_tag_build_and_commit() -> None:
    text = "docker tag busybox mine\ndocker build -t ours .\ndocker commit -m why box theirs:2\nFROM busybox AS first"

    assert list(images_made(text)) == ["mine", "ours", "theirs:2", "first"]


def test_containers_are_found_where_a_command_takes_them() -> None:
    text = "docker stop --time 3 a b; docker exec -it c sh\ndocker container rm -f d\ndocker logs --tail 5 e"

    assert list(containers_named(text)) == ["a", "b", "c", "d", "e"]
