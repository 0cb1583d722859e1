"""The server that is measured is a playground of its own."""

from pathlib import Path

import pytest

from playground.bench.stage import its_own

OPERATORS = {
    "DATABASE_URL": "postgres://playground@db.example/playground",
    "REDIS_URL": "redis://redis.example",
    "EMAIL_URL": "smtp://mail.example",
    "PLAYGROUND_DATA_DIR": "/var/lib/playground",
    "PLAYGROUND_RUN_DIR": "/run/playground",
    "PLAYGROUND_INSTANCE": "school",
}


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "EMAIL_URL"])
def test_nothing_is_made_in_the_database_the_redis_or_the_mail_of_the_operator(name: str) -> None:
    assert name not in its_own(OPERATORS, Path("/bench"), "bench-1")


def test_what_it_keeps_is_in_its_own_home_and_the_rest_is_as_outside() -> None:
    assert its_own({**OPERATORS, "PATH": "/usr/bin"}, Path("/bench"), "bench-1") == {
        "PATH": "/usr/bin",
        "PLAYGROUND_DATA_DIR": "/bench/data",
        "PLAYGROUND_RUN_DIR": "/bench/run",
        "PLAYGROUND_INSTANCE": "bench-1",
    }
