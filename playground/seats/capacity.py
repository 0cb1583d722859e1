"""How many seats fit the machine. Pure."""

from playground.gateway.limits import MIB

KEPT_FREE = 512 * MIB  # for the engine, the playground itself and the page cache
EXPECTED_USE = 0.5  # of its budget by a seat, as learners seldom fill theirs all at once; an idle seat has 5 MiB


def how_many(seats_max: int, machine_memory: int, budget_memory: int) -> int:
    """The setting where there is one, otherwise what the memory allows; one at least, or nobody could learn."""
    if seats_max > 0:
        return seats_max
    return max(1, int((machine_memory - KEPT_FREE) / (budget_memory * EXPECTED_USE)))
