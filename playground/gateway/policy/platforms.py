"""`--platform`: images here are for the machine's own, and no other one is had by asking for it."""

from playground.gateway.policy.errors import Refused

_ALSO_KNOWN_AS = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64"}


def fits(asked: str, arch: str) -> bool:
    """`linux/amd64`, with a variant behind it or one half only; "" asks for none. `arch` is in Go's word."""
    first, *more = asked.lower().split("/")
    if first in ("", "linux"):
        return not more or _plain(more[0]) == arch
    return not more and _plain(first) == arch


def _plain(arch: str) -> str:
    return _ALSO_KNOWN_AS.get(arch, arch)


def check_container(asked: str, arch: str, image: str) -> None:
    """With a 404, on which the CLI pulls for the platform, and is told."""
    if not fits(asked, arch):
        raise Refused(
            404,
            f"image with reference {image} was found but does not match the specified platform: "
            f"wanted {asked[:40]}, actual: linux/{arch}",
        )


def check_pull(asked: str, arch: str) -> None:
    if not fits(asked, arch):
        raise Refused(404, f"no matching manifest for {asked[:40]}: the images of this playground are for linux/{arch}")
