"""All that is kept about one learner, for the learner to have.

Two tables say what there is: TABLES what is handed out, LEFT_OUT what is not, and why. A test holds them against every
column of every row that leads to a learner, so a new one has to stand in one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import F, Model
from django.utils import timezone

from playground.classroom.models import Learner
from playground.classroom.teachers import is_teacher

MOST = 10_000  # rows of a table, the newest; a course has a few hundred


@dataclass(frozen=True, slots=True)
class Table:
    """Some rows of the learner's. `columns`: what the export calls it -> where it stands."""

    model: str
    learner: str  # the way from a row to its learner
    newest: str  # what the rows are ordered by
    columns: Mapping[str, str]

    @property
    def rows(self) -> type[Model]:
        return apps.get_model(self.model)


_STEP = {"lesson": "lesson", "step": "step", "at": "at"}

TABLES: Mapping[str, Table] = {
    "classrooms": Table(
        "classroom.Membership", "learner", "joined_at",
        {"classroom": "classroom__name", "joined_at": "joined_at", "left_at": "left_at"},
    ),
    "raised_hand": Table("classroom.Hand", "membership__learner", "raised_at", {"raised_at": "raised_at"}),
    "messages": Table(
        "classroom.Delivery", "learner", "pk",
        {
            "classroom": "message__classroom__name", "text": "message__text", "command": "message__command",
            "sent_at": "message__sent_at", "read_at": "read_at",
        },
    ),
    "classrooms_held": Table(
        "classroom.Classroom", "teacher", "created_at",
        {"name": "name", "code": "code", "lessons": "lessons", "seats": "seats", "is_open": "is_open",
         "made_at": "created_at"},
    ),
    "messages_said": Table(
        "classroom.Message", "classroom__teacher", "sent_at",
        {"classroom": "classroom__name", "text": "text", "command": "command", "sent_at": "sent_at"},
    ),
    "position": Table("checks.Position", "learner", "at", _STEP),
    "steps_passed": Table("checks.StepPass", "learner", "at", {**_STEP, "how": "how"}),
    "checks_passed": Table("checks.CheckPass", "learner", "at", {**_STEP, "check": "check_key"}),
    "help_opened": Table("checks.Help", "learner", "at", {**_STEP, "kind": "kind"}),
    "trips": Table("checks.Trip", "learner", "at", {**_STEP, "kind": "kind", "what": "what", "count": "count"}),
    "time_spent": Table("checks.TimeSpent", "learner", "pk", {"lesson": "lesson", "seconds": "seconds"}),
    "lessons_begun_again": Table("checks.Attempt", "learner", "pk", {"lesson": "lesson", "times": "number"}),
    "seats": Table(
        "seats.Seat", "learner", "created_at",
        {
            "seat": "id", "state": "state", "made_at": "created_at", "lent_at": "lent_at", "seen_at": "seen_at",
            "ends_at": "ends_at", "ended_at": "ended_at", "ended_why": "ended_why",
        },
    ),
    "place_in_the_queue": Table("seats.SeatRequest", "learner", "asked_at", {"asked_at": "asked_at"}),
}  # fmt: skip

# A column, or a relation by which rows lead to what is exported -> why it is not handed out.
LEFT_OUT: Mapping[str, str] = {
    "classroom.Learner.password": "a hash, of use to nobody but who guesses passwords",
    "classroom.Learner.is_active": "whoever exports is",
    "classroom.Learner.user_permissions": "handed out as what it means: may_hold_classrooms",
    "admin.LogEntry.user": "an administrator's work on others, whom it names",
    "classroom.Membership.classroom": "of a teacher's classroom: about the learners in it",
    "classroom.Delivery.message": "of a teacher's message: about the learners whom it reached",
    "seats.Seat.instance": "the name of a playground",
    "seats.Seat.container_id": "a number of the engine's",
    "seats.SeatRequest.instance": "the name of a playground",
}


def all_about(learner: Learner) -> dict[str, Any]:
    """For JSON. One query for each table. "cut" names the tables that have more rows than are handed out."""
    rows = {name: _rows(table, learner.pk) for name, table in TABLES.items()}
    return {
        "made_at": timezone.now(),
        "learner": about(learner),
        **{name: of_table[:MOST] for name, of_table in rows.items()},
        "cut": [name for name, of_table in rows.items() if len(of_table) > MOST],
    }


def about(learner: Learner) -> dict[str, Any]:
    """The learner's own row."""
    return {
        "id": learner.pk,
        "display_name": learner.display_name,
        "username": learner.username,
        "first_name": learner.first_name,
        "last_name": learner.last_name,
        "email": learner.email,
        "date_joined": learner.date_joined,
        "last_login": learner.last_login,
        "is_guest": learner.is_guest,
        "may_hold_classrooms": is_teacher(learner),
        "is_staff": learner.is_staff,
        "is_superuser": learner.is_superuser,
        "groups": list(Group.objects.filter(user=learner).values_list("name", flat=True)),
    }


def _rows(table: Table, learner_id: int) -> list[dict[str, Any]]:
    mine = table.rows._default_manager.filter(**{table.learner: learner_id}).order_by(f"-{table.newest}")
    # As annotations, since an export may call a column by the name that another one has.
    columns = {f"as_{name}": F(column) for name, column in table.columns.items()}
    found = mine.values(**columns)[: MOST + 1]
    return [{name: row[f"as_{name}"] for name in table.columns} for row in found]
