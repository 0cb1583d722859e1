"""The learner's files, for the page's file pane: folders and files of the seat that is theirs now.

What is in a file comes and goes as bytes, as nothing that a browser would show, and with its version as its ETag.
"""

import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import asdict
from functools import wraps
from pathlib import PurePosixPath
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from playground.files.files import ANYTHING, NOTHING, Content, Files
from playground.files.paths import LARGEST
from playground.files.refusals import Refused, Why
from playground.pages.guard import turned_away

FILES = "playground.files"  # in the scope of a request: the Files of the running playground (sockets.py)
_VERSION = re.compile(r'"([0-9a-f]{64})"')
Door = Callable[[ASGIRequest, Files, int, str], Awaitable[HttpResponse]]
View = Callable[[ASGIRequest], Coroutine[Any, Any, HttpResponse]]


def _says(why: Why) -> str:
    return {
        Why.PATH: _("That is no name that the page can use."),
        Why.DENIED: _("The seat does not let you do that with this file."),
        Why.MISSING: _("That is not there any more."),
        Why.NO_SEAT: _("Your files are there once your seat is."),
        Why.EXISTS: _("Something of that name is there already."),
        Why.FOLDER: _("That is a folder."),
        Why.NO_FOLDER: _("That is no folder."),
        Why.NOT_PLAIN: _("That is no plain file."),
        Why.CHANGED: _("The file has changed since you opened it."),
        Why.TOO_LARGE: _("The file is larger than %(mib)d MiB. Use the terminal for it.") % {"mib": LARGEST >> 20},
        Why.BUSY: _("That was too much at once. Please try again."),
        Why.AWAY: _("Your seat does not answer just now. Please try again."),
        Why.LATE: _("Your seat took too long for that."),
        Why.FAILED: _("That could not be written. Is the disk full?"),
    }[why]


def door(*methods: str) -> Callable[[Door], View]:
    """For learners, on their own seat: whose, the session says and no request."""

    def decorate(view: Door) -> View:
        @require_http_methods(methods)
        @never_cache
        @wraps(view)
        async def guarded(request: ASGIRequest) -> HttpResponse:
            learner = await request.auser()
            if not learner.is_authenticated:
                return turned_away(request)
            files = getattr(request, "scope", {}).get(FILES)
            try:
                if files is None:
                    raise Refused(Why.AWAY)
                return await view(request, files, learner.pk, request.GET.get("path", ""))
            except Refused as refused:
                why = refused.why
                return JsonResponse({"error": _says(why), "why": why.key}, status=why.status)

        return guarded

    return decorate


@door("GET", "POST", "DELETE")
async def folder(request: ASGIRequest, files: Files, learner_id: int, path: str) -> HttpResponse:
    """GET lists it, POST makes it, DELETE removes it with all that is in it."""
    if request.method == "POST":
        await files.make_folder(learner_id, path)
        return HttpResponse(status=204)
    if request.method == "DELETE":
        await files.remove(learner_id, path)
        return HttpResponse(status=204)
    return JsonResponse(asdict(await files.list(learner_id, path)))


@door("GET", "PUT", "DELETE")
async def file(request: ASGIRequest, files: Files, learner_id: int, path: str) -> HttpResponse:
    """PUT goes by If-Match (the version that was opened) and If-None-Match: * (a new file); without, it overwrites."""
    if request.method == "DELETE":
        await files.remove(learner_id, path)
        return HttpResponse(status=204)
    if request.method == "PUT":
        content = Content(request.read(LARGEST + 1))
        await files.write(learner_id, path, content, _over(request))
        return HttpResponse(status=204, headers={"ETag": f'"{content.version}"'})
    content = await files.read(learner_id, path)
    headers = {
        "ETag": f'"{content.version}"',
        "Content-Disposition": content_disposition_header(True, _shown(PurePosixPath(path).name)) or "attachment",
    }
    return HttpResponse(content.data, content_type="application/octet-stream", headers=headers)


def _over(request: HttpRequest) -> str:
    if request.headers.get("If-None-Match") == "*":
        return NOTHING
    if (wanted := request.headers.get("If-Match")) is None:
        return ANYTHING
    if (version := _VERSION.fullmatch(wanted)) is None:
        raise Refused(Why.CHANGED)  # no version of ours, so not the one that is there
    return version[1]


def _shown(name: str) -> str:
    """A name for the browser's own disk; line ends would end the field of the answer."""
    return "".join(character if character.isprintable() else "_" for character in name)
