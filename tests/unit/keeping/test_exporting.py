"""What a learner is given of what is kept about them."""

import json
from collections.abc import Iterator

import pytest
from django.db.models import Field, ForeignKey, ForeignObjectRel, Model
from django.test import Client

from playground.classroom.models import Classroom, Learner
from playground.classroom.teachers import appoint
from playground.keeping import exporting
from playground.keeping.exporting import LEFT_OUT, TABLES, about, all_about
from tests.unit.keeping.conftest import guest

pytestmark = pytest.mark.django_db


def exported() -> list[type[Model]]:
    return [Learner, *(table.rows for table in TABLES.values())]


def ways_to_a_learner() -> Iterator[ForeignObjectRel]:
    """The relations by which rows belong to a learner, or to what is a learner's."""
    for model in exported():
        yield from (relation for relation in model._meta.related_objects if not relation.many_to_many)


def columns(model: type[Model]) -> Iterator[Field]:  # type: ignore[type-arg]
    """What a row says beside whose it is."""
    yield from (
        each for each in model._meta.get_fields() if isinstance(each, Field) and not isinstance(each, ForeignKey)
    )


def test_every_row_that_leads_to_a_learner_is_exported_or_it_is_said_why_not() -> None:
    handed_out = {f"{table.model}.{table.learner.partition('__')[0]}" for table in TABLES.values()}
    found = {f"{way.related_model._meta.label}.{way.field.name}" for way in ways_to_a_learner()}
    assert found - handed_out - LEFT_OUT.keys() == set()
    assert handed_out & LEFT_OUT.keys() == set()


def test_every_column_of_such_a_row_is_exported_or_it_is_said_why_not() -> None:
    for table in TABLES.values():
        for column in columns(table.rows):
            name = f"{table.model}.{column.name}"
            assert column.name in table.columns.values() or column.name == "id" or name in LEFT_OUT, name
    own = about(guest("Nobody"))
    for column in columns(Learner):
        assert column.name in own or f"classroom.Learner.{column.name}" in LEFT_OUT, column.name


def test_what_is_left_out_is_there_to_be_left_out() -> None:
    ways = {f"{way.related_model._meta.label}.{way.field.name}" for way in ways_to_a_learner()}
    every = {f"{model._meta.label}.{column.name}" for model in exported() for column in columns(model)}
    assert LEFT_OUT.keys() <= ways | every


def test_ada_gets_a_row_from_every_table_and_none_of_anybody_elses(ada: Learner, classroom: Classroom) -> None:
    ben = guest("Ben")
    mine, bens = all_about(ada), all_about(ben)
    of_teachers = {"classrooms_held", "messages_said"}
    assert {name for name in TABLES if not mine[name]} == of_teachers
    assert not any(bens[name] for name in TABLES)
    assert mine["steps_passed"][0].keys() == {"lesson", "step", "at", "how"}
    assert (mine["steps_passed"][0]["step"], mine["steps_passed"][0]["how"]) == ("run", "hint")
    assert mine["classrooms"][0]["classroom"] == "Monday"
    assert mine["messages"][0]["command"] == "docker ps"
    assert mine["cut"] == []


def test_tess_gets_her_classrooms_and_what_she_said_and_nobody_in_them(ada: Learner, tess: Learner) -> None:
    appoint(tess)
    data = all_about(Learner.objects.get(pk=tess.pk))
    assert data["learner"]["may_hold_classrooms"]
    assert [room["name"] for room in data["classrooms_held"]] == ["Monday"]
    assert [message["text"] for message in data["messages_said"]] == ["Look at this:"]
    assert "Ada" not in str(data)


def test_a_table_without_an_end_is_cut_and_says_so(ada: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST", 0)
    data = all_about(ada)
    assert data["steps_passed"] == []
    assert "steps_passed" in data["cut"]


def test_it_comes_as_a_file_from_ones_own_page(ada: Learner) -> None:
    browser = Client()
    browser.force_login(ada)
    assert b'href="/me/data/"' in browser.get("/me/").content
    answer = browser.get("/me/data/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    data = json.loads(answer.content)
    assert data["learner"]["display_name"] == "Ada"
    assert "password" not in data["learner"]
