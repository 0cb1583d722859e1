import pytest
from django.core.exceptions import ValidationError

from playground.classroom import names


@pytest.mark.parametrize("name", ["Ada", "Zoë", "李小龍", "O'Neill <3", "R2-D2", "👩‍🚀", "آدا"])
def test_a_name_may_be_in_any_script(name: str) -> None:
    names.validate(names.tidy(name))


@pytest.mark.parametrize("name", ["Ada\n", "A\x00da", "A\x1b[31mda", "Ada\u202egnp.exe", "A\u2028da"])
def test_a_name_has_no_control_characters(name: str) -> None:
    with pytest.raises(ValidationError, match="control characters"):
        names.validate(name)


@pytest.mark.parametrize("name", ["\u200b", "\u200d\u200d", " "])
def test_a_name_can_be_seen(name: str) -> None:
    with pytest.raises(ValidationError, match="at least one letter"):
        names.validate(name)


def test_blanks_at_the_ends_and_doubled_ones_go() -> None:
    assert names.tidy("  Ada   Lovelace ") == "Ada Lovelace"


def test_the_same_name_typed_with_other_keys_is_the_same_name() -> None:
    assert names.tidy("Zoe\u0308") == names.tidy("Zoë")
