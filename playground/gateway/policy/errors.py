"""The one error of the policy: an answer that the gateway gives instead of the engine."""


class Refused(Exception):
    """`status` and `message` are the whole answer; the message is what the learner reads after "Error response from
    daemon:", so it says what to do or why not."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def bad(message: str) -> Refused:
    return Refused(400, message)


def forbidden(what: str, why: str) -> Refused:
    return Refused(403, f"{what} is not available in this playground: {why}.")


def no_such_container(reference: str) -> Refused:
    return Refused(404, f"No such container: {reference}")


def no_such_image(reference: str) -> Refused:
    return Refused(404, f"No such image: {reference}")


def no_such_network(reference: str) -> Refused:
    return Refused(404, f"network {reference} not found")


def no_such_volume(name: str) -> Refused:
    return Refused(404, f"get {name}: no such volume")


def no_such_exec(reference: str) -> Refused:
    return Refused(404, f"No such exec instance: {reference}")


def name_conflict(name: str, holder: str) -> Refused:
    by = f' by container "{holder}"' if holder else ""
    return Refused(
        409,
        f'Conflict. The container name "/{name}" is already in use{by}. You have to remove (or rename) that container '
        "to be able to reuse that name.",
    )
