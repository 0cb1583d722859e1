"""Names: what a learner may call a container, a network or a volume, and what an image reference means."""

import re
import secrets
from dataclasses import dataclass

from playground.engine.labels import owned_repository
from playground.gateway.policy.errors import Refused, bad, no_such_image

MAX_NAME = 63
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}")
_VOLUME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{1,63}")
_ANONYMOUS = re.compile(r"[0-9a-f]{64}")
_SEAT = re.compile(r"[a-z0-9]{1,32}")
_DOMAIN = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]{1,5})?")
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_PORT_MARK = re.compile(r"\.port_([0-9]{1,5})$")
_HEX = re.compile(r"[0-9a-f]{1,64}")
MAX_REPOSITORY = 128  # the engine's own bound is 255, the seat's prefix included

HUB = "docker.io"
_ADJECTIVES = "brave calm clever eager gentle happy keen kind lively merry nimble patient quick quiet sunny wise"
_SCIENTISTS = (
    "babbage bohr boole curie darwin dijkstra euler faraday franklin galileo gauss goodall hamilton hopper hypatia "
    "kepler knuth lamarr liskov lovelace maxwell meitner newton noether pascal ritchie shannon thompson turing wu"
)


def check_seat(seat: str) -> str:
    """A seat's id stands in names and in image repositories, and no id may be the beginning of another one's name."""
    if not _SEAT.fullmatch(seat):
        raise ValueError(f"a seat's id is 1 to 32 of a-z and 0-9, not {seat!r}")
    return seat


def check_name(name: str) -> str:
    """A container's name as the learner gave it, without the slash that the CLI may put in front."""
    bare = name.removeprefix("/")
    if len(bare) > MAX_NAME:
        raise bad(f"Invalid container name ({name[:80]}), at most {MAX_NAME} characters are allowed in this playground")
    if not _NAME.fullmatch(bare):
        raise bad(f"Invalid container name ({name[:80]}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
    return bare


def check_network_name(name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise bad(
            f"invalid network name ({str(name)[:80]}): only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed, 2 to 63 characters"
        )
    if name in ("bridge", "host", "none", "default"):
        raise Refused(403, f"operation is not permitted on predefined {name} network")
    return name


def check_volume_name(name: object) -> str:
    if isinstance(name, str) and len(name) == 1:
        raise bad(f"create {name}: volume name is too short, names should be at least two alphanumeric characters")
    if not isinstance(name, str) or not _VOLUME.fullmatch(name):
        shown = str(name)[:80]
        raise bad(
            f'create {shown}: "{shown}" includes invalid characters for a local volume name, only '
            '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path'
        )
    return name


def anonymous_volume() -> str:
    return secrets.token_hex(32)


def is_anonymous(volume: str) -> bool:
    """By its name: nobody types one like it."""
    return bool(_ANONYMOUS.fullmatch(volume))


def random_name() -> str:
    return f"{secrets.choice(_ADJECTIVES.split())}_{secrets.choice(_SCIENTISTS.split())}"


def is_id_prefix(text: str) -> bool:
    return bool(_HEX.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Reference:
    """An image by name. `docker.io/library/busybox:latest`, `library/busybox` and `busybox` are the same one."""

    domain: str
    path: str
    tag: str

    @property
    def repository(self) -> str:
        """As the CLI shows it: `busybox`, `ada/web`, `localhost:5000/web`."""
        return self.path if self.domain == HUB else f"{self.domain}/{self.path}"

    @property
    def familiar(self) -> str:
        return f"{self.repository}:{self.tag}"

    def order(self) -> str:
        """By what engines sort an image's names: the name in full."""
        official = "library/" if self.domain == HUB and "/" not in self.path else ""
        return f"{self.domain}/{official}{self.path}:{self.tag}"

    def on_engine(self, seat: str) -> str:
        """The repository in the seat's own name space. A port's colon has no place in a path: it becomes `.port_`,
        which neither a domain (no underscore) nor a first path component (no dot) can hold."""
        return owned_repository(seat) + re.sub(r":([0-9]+)/", r".port_\1/", self.repository, count=1)


def parse_reference(text: str, default_tag: str = "latest") -> Reference:
    """Raises 400 where the engine would, and 404 for a digest: images here have none."""
    if "@" in text:
        raise no_such_image(text[:256])
    domain, path, tag = _split(text, default_tag)
    if domain == HUB:
        path = path.removeprefix("library/")
    valid = _DOMAIN.fullmatch(domain) and _PATH.fullmatch(path) and _TAG.fullmatch(tag)
    if not valid or len(domain) + len(path) > MAX_REPOSITORY:
        raise bad("invalid reference format")
    return Reference(domain, path, tag)


def _split(text: str, default_tag: str) -> tuple[str, str, str]:
    first, slash, rest = text.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        domain, remainder = ("docker.io" if first == "index.docker.io" else first), rest
    else:
        domain, remainder = HUB, text
    path, colon, tag = remainder.partition(":")
    return domain, path, tag if colon else default_tag


def from_engine(seat: str, repo_tag: str) -> str | None:
    """The learner's name for one of the engine's tags, or None where it is not the seat's."""
    prefix = owned_repository(seat)
    if not repo_tag.startswith(prefix):
        return None
    repository, _, tag = repo_tag[len(prefix) :].rpartition(":")
    first, slash, rest = repository.partition("/")
    domain = _PORT_MARK.sub(r":\1", first) if slash else first
    return f"{domain}{slash}{rest}:{tag}"


def in_order(tags: list[str]) -> list[str]:
    return sorted(tags, key=lambda tag: parse_reference(tag).order())


def check_tag(repository: str, tag: str) -> Reference:
    """`repo` and `tag` of a tag or pull call, which come apart."""
    if ":" in tag or "@" in tag:
        what = f"{repository[:128]}@{tag[:128]}"
        raise Refused(404, f"manifest for {what} not found: images are pulled by their tags here")
    return parse_reference(f"{repository}:{tag}" if tag else repository)
