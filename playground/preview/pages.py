"""What a preview says of itself where there is nothing to show: what is the matter, and what to do."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from playground.preview import fields
from playground.preview.exchange import NoAnswer, NoRequest

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Notice:
    status: int
    title: str
    says: str
    commands: tuple[str, ...] = ()  # to try


def gone() -> Notice:
    """The same for all that is not there, whyever."""
    return Notice(
        404,
        _("There is nothing here any more"),
        _("This preview has ended, or it is another learner's. Your own ones are linked above your terminal."),
    )


def no_answer(error: Exception, port: int) -> Notice:
    if isinstance(error, NoRequest):
        return unknown_method(400)
    if isinstance(error, TimeoutError):
        title = _("Port {port} does not answer").format(port=port)
        return Notice(504, title, _("The program behind it takes too long."), ("docker logs NAME",))
    if isinstance(error, NoAnswer):
        says = _("What listens there has not answered as a web server does. Its output may say why.")
        return Notice(502, _("Port {port} shows no page").format(port=port), says, ("docker ps", "docker logs NAME"))
    says = _(
        "Either no container that runs publishes this port, or the program inside does not listen there: it has to "
        "listen at 0.0.0.0, not only at its own localhost."
    )
    return Notice(502, _("Nothing answers at port {port}").format(port=port), says, ("docker ps", "docker logs NAME"))


def too_many() -> Notice:
    return Notice(
        429, _("Too much at once"), _("A few answers of this seat are still on their way. Reload in a moment.")
    )


def too_large() -> Notice:
    return Notice(413, _("That is too large"), _("A preview takes at most 1 MiB with one request."))


def unknown_method(status: int = 405) -> Notice:
    return Notice(status, _("That cannot be asked here"), _("A preview passes on the usual methods of HTTP only."))


async def answer(send: Send, notice: Notice) -> None:
    told = [
        *fields.WALLS,
        (b"content-type", b"text/html; charset=utf-8"),
        (b"cache-control", b"no-store"),
    ]
    page = render_to_string("preview.html", {"notice": notice}).encode()
    await send({"type": "http.response.start", "status": notice.status, "headers": told})
    await send({"type": "http.response.body", "body": page})


async def move(send: Send, address: str) -> None:
    told = [*fields.WALLS, (b"location", address.encode())]
    await send({"type": "http.response.start", "status": 308, "headers": told})
    await send({"type": "http.response.body", "body": b""})
