"""`manage.py learner`, for who asks an operator and not the page."""

import json

import pytest
from django.core.management import CommandError, call_command

from playground.classroom.models import Learner
from playground.seats.models import Seat
from tests.unit.keeping.conftest import guest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["Ada", "ADA", "guest-ada", "the number"])
def test_an_operator_exports_whom_they_name(ada: Learner, capsys: pytest.CaptureFixture[str], who: str) -> None:
    call_command("learner", "export", str(ada.pk) if who == "the number" else who)
    data = json.loads(capsys.readouterr().out)
    assert (data["learner"]["display_name"], len(data["steps_passed"])) == ("Ada", 1)


def test_of_two_with_one_name_nobody_is_taken_for_the_other(ada: Learner) -> None:
    other = guest("Ada-2")
    Learner.objects.filter(pk=other.pk).update(display_name="Ada")
    with pytest.raises(CommandError) as error:
        call_command("learner", "delete", "Ada", "--yes")
    assert f"{ada.pk}  Ada" in str(error.value)
    assert f"{other.pk}  Ada" in str(error.value)
    assert Learner.objects.filter(display_name="Ada").count() == 2


def test_nobody_is_an_error_and_no_traceback(db: None) -> None:
    for who in ("Zoe", "99999999999999999999999", "²"):
        with pytest.raises(CommandError, match="There is no learner"):
            call_command("learner", "export", who)


def test_deleting_takes_everything_and_asks_first(ada: Learner, tess: Learner) -> None:
    with pytest.raises(CommandError, match="--yes"):
        call_command("learner", "delete", "Ada")
    assert Learner.objects.filter(pk=ada.pk).exists()
    call_command("learner", "delete", "Ada", "--yes")
    assert list(Learner.objects.all()) == [tess]
    assert not Seat.objects.exists()
