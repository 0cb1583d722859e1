"""How often a seat is looked into. Nothing here waits: what the clock says is set back."""

from playground.checks.sitting import AWAKE_SECONDS, LOOK_AGAIN_ASLEEP_SECONDS, LOOK_AGAIN_SECONDS, Sitting
from tests.unit.checks.facts import call


def a_while_without_a_key(sitting: Sitting) -> None:
    sitting.stirred_at -= AWAKE_SECONDS
    sitting.bell.clear()


async def test_a_seat_at_work_is_looked_into_often_and_one_at_rest_seldom() -> None:
    sitting = Sitting(1)
    assert sitting.pace == LOOK_AGAIN_SECONDS

    a_while_without_a_key(sitting)
    assert sitting.pace == LOOK_AGAIN_ASLEEP_SECONDS

    sitting.stir()
    assert sitting.pace == LOOK_AGAIN_SECONDS


async def test_the_first_key_after_a_rest_rings_and_those_after_it_do_not() -> None:
    sitting = Sitting(1)
    sitting.stir()
    assert not sitting.bell.is_set()

    a_while_without_a_key(sitting)
    sitting.stir()
    assert sitting.bell.is_set()

    sitting.bell.clear()
    sitting.stir()
    assert not sitting.bell.is_set()


async def test_a_command_is_a_sign_of_work_too() -> None:
    sitting = Sitting(1)
    a_while_without_a_key(sitting)
    sitting.arrive(call("ps"))
    assert sitting.pace == LOOK_AGAIN_SECONDS


async def test_of_several_checks_the_one_that_is_soonest_says_when() -> None:
    sitting = Sitting(1)
    for seconds in (LOOK_AGAIN_ASLEEP_SECONDS, LOOK_AGAIN_SECONDS, LOOK_AGAIN_ASLEEP_SECONDS):
        sitting.look_again_in(seconds)
    assert sitting.look_again == LOOK_AGAIN_SECONDS
