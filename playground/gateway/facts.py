"""Facts: what happened on the engine because of one learner's command. Plain types, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened in one seat.

    A call's fact is published once its response has been sent; an event's fact when the engine tells of it.
    `action` is the CLI's own word where there is one:
      calls:  version info pull images inspect history rmi tag
              create run start attach detach wait resize ps logs exec top stop kill restart pause unpause rename rm
              prune diff stats events cp commit build …
              network create, network ls, network rm, network connect, network disconnect,
              volume create, volume ls, volume rm
              compose (at the end of a `docker compose`: its words are the command)
              `run` is a start by the same CLI process that created the container; `start` is any other.
      A `run` of an image that cannot be pulled is told as refused.
      `detach`: a client that was attached to a terminal let go of it, and the container goes on.
      events: exit (exit_code set), oom, pause, unpause, remove, exec_exit (exit_code, command and flags of the exec)
    """

    seat: str
    action: str
    source: Literal["call", "event"]
    at: float  # seconds since the epoch
    status: int = 200  # HTTP status of the answer; events have 200
    target: str = ""  # full id of the container, image or network it was about, "" where none
    name: str = ""  # the learner's name for it
    image: str = ""  # the image as the learner asked for it
    command: tuple[str, ...] = ()  # what was asked to run; () for the image's own
    exit_code: int | None = None
    flags: Mapping[str, object] = field(default_factory=dict)
    # CLI words for what was asked: all, follow, tail, signal, time, interactive, tty, detach, rm, name, force, …
    part_of_run: bool = False  # this attach, wait or create was issued by a `docker run`
    part_of_compose: bool = False  # this call was issued by a `docker compose`
    error: str = ""  # the message that the learner saw, for a refused call

    @property
    def ok(self) -> bool:
        return self.status < 400
