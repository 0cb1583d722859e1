"""How many seats fit."""

from playground.gateway.limits import MIB
from playground.seats.capacity import how_many


def test_the_operators_number_counts_whatever_the_memory() -> None:
    assert how_many(30, machine_memory=1024 * MIB, budget_memory=256 * MIB) == 30


def test_without_a_number_seats_share_what_memory_the_machine_can_spare() -> None:
    assert how_many(0, machine_memory=4608 * MIB, budget_memory=256 * MIB) == 32


def test_a_smaller_budget_makes_room_for_more_seats() -> None:
    assert how_many(0, machine_memory=4608 * MIB, budget_memory=128 * MIB) == 64


def test_the_smallest_machine_has_one_seat() -> None:
    assert how_many(0, machine_memory=256 * MIB, budget_memory=256 * MIB) == 1
