"""How fast one seat may have things made and started: many at once and then so many a second, because the engine does
it for everybody. A call that comes too early waits a moment; only who does not slow down at all is refused. Pure: the
time is given."""

from collections.abc import Mapping
from dataclasses import dataclass

from playground.gateway.limits import Limits
from playground.gateway.policy.errors import Refused

PATIENCE = 5.0  # seconds that a call may wait for its turn
KINDS: Mapping[str, str] = {  # by handler
    "containers.create": "make",
    "images.commit": "make",
    "networks.create": "make",
    "volumes.create": "make",
    "lifecycle.start": "start",
    "lifecycle.restart": "start",
    "networks.connect": "start",
    "execs.create": "exec",
}
_WORDS = {
    "make": "containers, images, networks and volumes are made",
    "start": "containers are started",
    "exec": "docker exec are begun",
}


@dataclass(slots=True)
class Bucket:
    """Holds `burst` tokens and gets `rate` a second. It may be in debt: then a token is for later."""

    rate: float
    burst: float
    left: float
    at: float

    def take(self, now: float, patience: float) -> float | None:
        """The seconds until a token is there, which is taken at once; None, and none taken, where it is too long."""
        self.left, self.at = min(self.burst, self.left + (now - self.at) * self.rate), now
        wait = max(0.0, (1 - self.left) / self.rate)
        if wait > patience:
            return None
        self.left -= 1
        return wait

    def give_back(self) -> None:
        self.left = min(self.burst, self.left + 1)


class Pace:
    """One seat's."""

    def __init__(self, limits: Limits, now: float) -> None:
        rates = {"make": limits.makes_per_second, "start": limits.starts_per_second, "exec": limits.execs_per_second}
        full = limits.burst
        self._buckets = {kind: Bucket(rate, full, full, now) for kind, rate in rates.items() if rate > 0}

    def wait(self, handler: str, now: float) -> float:
        """The seconds that a call of this handler has to wait. Raises Refused."""
        kind = KINDS.get(handler, "")
        bucket = self._buckets.get(kind)
        if bucket is None:
            return 0.0
        wait = bucket.take(now, PATIENCE)
        if wait is None:
            raise Refused(
                429,
                f"At most {bucket.rate:g} {_WORDS[kind]} a second for each learner here: wait a few seconds, and let "
                "what runs in a loop sleep a little.",
            )
        return wait

    def give_back(self, handler: str) -> None:
        """The call was not made after all."""
        if bucket := self._buckets.get(KINDS.get(handler, "")):
            bucket.give_back()
