"""What is said of an image: its layers, its digest, and the steps that it was built from."""

import hashlib

import pytest

from playground.gateway.policy import layers, stepwords
from playground.gateway.policy.dockerfile import parse_change
from playground.gateway.policy.imageconfig import Config


def image(*digests: str) -> dict[str, object]:
    return {"RootFS": {"Layers": list(digests)}}


def test_a_layers_id_is_that_of_all_beneath_it() -> None:
    upper = hashlib.sha256(b"sha256:a sha256:b").hexdigest()
    assert layers.chain(image("sha256:a", "sha256:b")) == ["sha256:a", f"sha256:{upper}"]
    assert layers.chain({"RootFS": None}) == []


def test_only_layers_that_no_image_has_any_more_go() -> None:
    base, built = image("sha256:a"), image("sha256:a", "sha256:b")
    assert layers.unused(built, [base]) == layers.chain(built)[1:]
    assert layers.unused(built, []) == layers.chain(built)[::-1]
    assert layers.unused(base, [built]) == []


CONFIG: Config = {"Cmd": ["cat", "/a"], "WorkingDir": "/work/in", "Shell": ["/bin/sh", "-ec"]}


@pytest.mark.parametrize(
    ("line", "config", "shown"),
    [
        ("RUN echo $A", {}, "/bin/sh -c echo $A"),
        ('RUN ["echo", "$A"]', {}, "echo $A"),
        ('CMD ["cat", "/a"]', {"Cmd": ["cat", "/a"]}, '/bin/sh -c #(nop)  CMD ["cat" "/a"]'),
        ("CMD cat", CONFIG, '/bin/sh -ec #(nop)  CMD ["cat" "/a"]'),
        ("WORKDIR in", {"WorkingDir": "/work/in"}, "/bin/sh -c #(nop) WORKDIR /work/in"),
        ('ENV B=$A C="two words"', {}, "/bin/sh -c #(nop)  ENV B=1 C=two words"),
        ("EXPOSE 80 53/udp", {}, "/bin/sh -c #(nop)  EXPOSE 53/udp 80"),
        ("VOLUME /a $A", {}, "/bin/sh -c #(nop)  VOLUME [/a 1]"),
        ("USER 1000", {}, "/bin/sh -c #(nop)  USER 1000"),
    ],
)
def test_the_history_shows_a_step_as_the_classic_builder_does(line: str, config: Config, shown: str) -> None:
    assert stepwords.created_by(parse_change(line), config, {"A": "1"}) == shown
