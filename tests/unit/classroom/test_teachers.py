import io
import sys

import pytest
from django.core.management import CommandError, call_command

from playground.classroom.models import Learner
from playground.classroom.teachers import is_teacher

pytestmark = pytest.mark.django_db


PASSWORD = "three whales at noon"


def appoint(monkeypatch: pytest.MonkeyPatch, username: str, password: str = PASSWORD, **options: str) -> str:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    call_command("createteacher", username, stdout=said, **options)
    return said.getvalue()


def test_a_teacher_is_made_with_one_command_and_is_no_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "can sign in" in appoint(monkeypatch, "tess", name="Tess")
    tess = Learner.objects.get()
    assert (tess.display_name, tess.is_staff, is_teacher(tess)) == ("Tess", False, True)
    assert tess.check_password(PASSWORD)


def test_who_has_an_account_gets_the_right_and_keeps_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    Learner.objects.create_user("tess", password="four whales at noon")
    assert "can hold classrooms now" in appoint(monkeypatch, "TESS")
    tess = Learner.objects.get()
    assert is_teacher(tess)
    assert tess.check_password("four whales at noon")


@pytest.mark.parametrize(("username", "password"), [("te ss", PASSWORD), ("tess", "tess"), ("tess", "")])
def test_a_name_or_a_password_that_will_not_do_makes_nobody(
    monkeypatch: pytest.MonkeyPatch, username: str, password: str
) -> None:
    with pytest.raises(CommandError):
        appoint(monkeypatch, username, password)
    assert not Learner.objects.exists()


def test_a_guest_is_nobodys_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    guest = Learner(username="guest-0123456789abcdef", display_name="Ada")
    guest.set_unusable_password()
    guest.save()
    with pytest.raises(CommandError, match="a teacher needs an account"):
        appoint(monkeypatch, guest.username)
    assert not is_teacher(Learner.objects.get())
