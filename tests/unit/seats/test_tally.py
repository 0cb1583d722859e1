"""Who may have a seat, what is kept for whom, and how many wait started ahead."""

from collections import Counter

import pytest

from playground.seats.tally import Party, Reserved, Tally, Way

MONDAY, TUESDAY = 1, 2
NOBODYS: dict[Party, int] = {}


def machine(
    capacity: int,
    reserved: dict[int, Reserved] | None = None,
    held: dict[Party, int] = NOBODYS,
    ending: int = 0,
    warm: int = 0,
    coming: int = 0,
) -> Tally:
    return Tally(capacity, reserved or {}, Counter(held), ending, warm, coming)


def monday(seats: int, warm: int = 0) -> dict[int, Reserved]:
    return {MONDAY: Reserved(seats, warm)}


@pytest.mark.parametrize(
    ("tally", "strangers", "mondays"),
    [
        (machine(3, monday(2)), 1, 2),
        (machine(3, monday(2), {None: 1}), 0, 2),
        (machine(3, monday(2), {MONDAY: 1}), 1, 1),
        (machine(3, monday(2), {MONDAY: 2}), 1, 0),  # its own number is also its limit
        (machine(3, monday(2), {None: 3}), 0, 0),  # they were there before it
        (machine(3, monday(2), {None: 2}), 0, 1),
        (machine(3, monday(2), {None: 1}, ending=1), 0, 1),
        (machine(3, monday(2), {MONDAY: 1}, ending=1), 0, 1),
        (machine(3, monday(2), {MONDAY: 4}), 0, 0),  # the teacher has made it smaller since
        (machine(1, monday(2)), 0, 1),  # the operator has made the machine smaller since
        (machine(3, monday(2, warm=2), warm=2, coming=1), 1, 2),
    ],
)
def test_nobody_outside_takes_what_is_kept(tally: Tally, strangers: int, mondays: int) -> None:
    assert (tally.room(None), tally.room(MONDAY)) == (strangers, mondays)


def test_without_reservations_everybody_has_the_whole_machine() -> None:
    assert machine(3, held={None: 1}).room(None) == 2


def test_two_parties_do_not_wait_for_each_other_where_strangers_hold_what_is_theirs() -> None:
    tally = machine(4, {MONDAY: Reserved(2), TUESDAY: Reserved(2)}, {None: 3})
    assert (tally.room(MONDAY), tally.room(TUESDAY), tally.room(None)) == (1, 1, 0)
    assert tally.serve([(7, TUESDAY), (8, MONDAY)]) == [7]
    assert (tally.missing(MONDAY), tally.missing(TUESDAY)) == (2, 1)


@pytest.mark.parametrize(
    ("tally", "strangers", "mondays"),
    [
        (machine(3, warm=1), Way.WARM, None),
        (machine(3), Way.START, None),
        (machine(3, monday(2, warm=2), warm=2), Way.START, Way.WARM),  # a start, and not one that Monday asked for
        (machine(3, monday(2, warm=2), warm=3), Way.WARM, Way.WARM),
        (machine(3, monday(2, warm=2), warm=1), Way.START, Way.WARM),
        (machine(3, monday(2), warm=2), Way.WARM, Way.WARM),  # kept, but not asked for: warm ones are all alike
        (machine(3, monday(2, warm=2), coming=3), None, None),  # the next moment one of them is ready
        (machine(3, monday(2, warm=2), warm=2, coming=1), None, Way.WARM),
        (machine(2, {MONDAY: Reserved(1), TUESDAY: Reserved(1, warm=1)}, warm=2), None, Way.WARM),
    ],
)
def test_strangers_leave_the_warm_seats_that_a_party_has_asked_for(
    tally: Tally, strangers: Way | None, mondays: Way | None
) -> None:
    assert tally.way(None) is strangers
    assert (tally.way(MONDAY) if MONDAY in tally.reserved else None) is mondays


def test_a_party_gets_a_seat_of_its_own_though_all_warm_ones_are_asked_for_by_another() -> None:
    tally = machine(
        2, {MONDAY: Reserved(1), TUESDAY: Reserved(2, warm=2)}, warm=2
    )  # on a machine that was made smaller
    assert tally.way(MONDAY) is Way.WARM


def test_while_starts_fail_only_warm_seats_are_to_be_had() -> None:
    assert machine(3).way(None, may_start=False) is None
    assert machine(3, warm=1).way(None, may_start=False) is Way.WARM


def test_those_who_wait_are_served_in_their_order_and_each_by_what_is_theirs() -> None:
    tally = machine(3, monday(2), {None: 1})
    cleo, dora, ada, ben, emil = range(5)
    queue = [(cleo, None), (ada, MONDAY), (dora, None), (ben, MONDAY), (emil, MONDAY)]
    assert tally.serve(queue) == [ada, ben]
    assert tally.held == {None: 1, MONDAY: 2}


def test_no_more_are_served_than_there_is_room_for() -> None:
    tally = machine(3, warm=1, held={None: 1})
    assert tally.serve([(1, None), (2, None), (3, None)]) == [1, 2]
    assert (tally.warm, tally.empty) == (0, 0)


@pytest.mark.parametrize(
    ("tally", "surplus"),
    [
        (machine(40), -2),
        (machine(40, warm=1, coming=1), 0),
        (machine(40, monday(30, warm=30)), -32),
        (machine(40, monday(30, warm=30), {MONDAY: 12}, warm=20), 0),
        (machine(40, monday(30, warm=10), {MONDAY: 5}, warm=7), -5),
        (machine(40, monday(30), warm=32), 30),  # Monday lets them go
        (machine(40, warm=32), 30),  # Monday is over
        (machine(31, monday(30, warm=30)), -31),  # no more than fit
        (machine(31, monday(30, warm=30), {None: 5}, warm=20, ending=1), -5),
        (machine(2, warm=3), 1),  # the operator has made the machine smaller
    ],
)
def test_the_pool_has_the_usual_seats_and_those_that_parties_ask_for(tally: Tally, surplus: int) -> None:
    assert tally.surplus(usual=2) == surplus


def test_what_is_ready_adds_up() -> None:
    tally = machine(9, {MONDAY: Reserved(3, warm=3), TUESDAY: Reserved(3, warm=3)}, {TUESDAY: 1}, warm=4)
    assert (tally.ready(MONDAY), tally.ready(TUESDAY)) == (3, 1)
    tally.warm = 9
    assert (tally.ready(MONDAY), tally.ready(TUESDAY)) == (3, 2)


@pytest.mark.parametrize(
    ("held", "missing"),
    [({}, 0), ({None: 1}, 0), ({None: 2}, 1), ({None: 3}, 2), ({None: 2, MONDAY: 1}, 1), ({None: 1, MONDAY: 2}, 0)],
)
def test_a_party_is_told_how_many_of_its_seats_others_hold(held: dict[Party, int], missing: int) -> None:
    assert machine(3, monday(2), held).missing(MONDAY) == missing
