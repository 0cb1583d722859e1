"""What an operator decides about seats, as one value that the desk is given."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from django.conf import settings

from playground.gateway.limits import Limits


@dataclass(frozen=True, slots=True)
class Rules:
    instance: str
    sockets: Path  # each seat has a directory in here, named after it
    limits: Limits
    seats_max: int  # 0: as many as fit
    warm: int
    idle: timedelta
    lifetime: timedelta
    warn: timedelta

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            instance=settings.INSTANCE,
            sockets=sockets_of(settings.RUN_DIR, settings.INSTANCE),
            limits=settings.LIMITS,
            seats_max=settings.SEATS_MAX,
            warm=settings.SEATS_WARM,
            idle=timedelta(minutes=settings.SEAT_IDLE_MINUTES),
            lifetime=timedelta(minutes=settings.SEAT_MAX_MINUTES),
            warn=timedelta(minutes=settings.SEAT_WARN_MINUTES),
        )


def sockets_of(run_dir: Path, instance: str) -> Path:
    return run_dir / "seats" / instance
