"""The engine room's one family of errors: `str(error)` is short and fit for a person."""


class EngineError(Exception):
    """The engine answered with an error. `status` is its HTTP status, 0 where there was none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class NotFound(EngineError):
    """No such container, image, network, volume or exec."""


class Conflict(EngineError):
    """The name is taken, or the object is in a state that does not allow the call."""


class EngineGone(EngineError):
    """Nothing answers on the engine's socket, or it hung up in the middle of an answer."""


def error_for(status: int, message: str) -> EngineError:
    kind = {404: NotFound, 409: Conflict}.get(status, EngineError)
    return kind(message, status)
