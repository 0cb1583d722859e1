"""The page on which a teacher looks on at a learner's terminals. The terminals come over sockets of their own."""

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from playground.classroom import members
from playground.pages.course import of_classroom
from playground.pages.frontend import importmap
from playground.pages.guard import ClassroomRequest, by_rights
from playground.pages.lookwords import look_words
from playground.pages.outline import resume

_SHEETS = (
    "css/lesson.css",
    "css/pane.css",
    "css/terminals.css",
    "css/visit.css",
    "vendor/@xterm/xterm/css/xterm.css",
    "terminal/terminal.css",
)


@require_safe
@never_cache
@by_rights
def visit(request: ClassroomRequest, learner: int) -> HttpResponseBase:
    """Whoever is not in the classroom, and nobody, are one answer."""
    found = get_object_or_404(members.here(request.classroom), pk=learner)
    return render(
        request,
        "visit.html",
        {
            "place": "classrooms",
            "classroom": request.classroom,
            "learner": found,
            "at": resume(found, of_classroom(request.classroom)),
            "socket": f"/ws/visits/{request.classroom.pk}/{found.pk}/",
            "sheets": [static(path) for path in _SHEETS],
            "importmap": importmap(),
            "words": look_words(),
        },
    )
