from playground.load.faults import Faults
from playground.load.server import complaints

LOG = """\
2026-01-01 10:00:00,000 INFO    playground.terminal.relay: A terminal is closed
2026-01-01 10:00:01,000 WARNING playground.seats.desk: Seat 0123456789ab could not be cleared away yet
2026-01-01 10:00:02,000 WARNING playground.seats.desk: Seat ba9876543210 could not be cleared away yet
2026-01-01 10:00:03,000 ERROR   asyncio: Task was destroyed but it is pending!
Traceback (most recent call last):
"""


def test_like_warnings_of_the_log_are_counted_together() -> None:
    faults = Faults()
    complaints(LOG, faults)
    assert list(faults) == [
        "2 times: the server's log: WARNING playground.seats.desk: Seat … could not be cleared away yet",
        "the server's log: ERROR asyncio: Task was destroyed but it is pending!",
    ]
