"""Why something was not done with a learner's files: the room's one error."""

from enum import Enum


class Why(Enum):
    """The value is the HTTP status that a page gets; where several share one, their names tell them apart."""

    PATH = "path", 400
    DENIED = "denied", 403
    MISSING = "missing", 404
    NO_SEAT = "no-seat", 409
    EXISTS = "exists", 409
    FOLDER = "folder", 409
    NO_FOLDER = "no-folder", 409
    NOT_PLAIN = "not-plain", 409
    CHANGED = "changed", 412
    TOO_LARGE = "too-large", 413
    BUSY = "busy", 429
    AWAY = "away", 503
    LATE = "late", 504
    FAILED = "failed", 507

    def __init__(self, key: str, status: int) -> None:
        self.key = key
        self.status = status


class Refused(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why.key)
        self.why = why
