import pytest
from django.core.cache import cache
from django.test import RequestFactory
from pytest_django import Settings

from playground.classroom.tries import may_try

PROXY = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


def tries(requests: RequestFactory, count: int, address: str, forwarded: str = "") -> list[bool]:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = requests.post("/join/", headers=headers, REMOTE_ADDR=address)
    return [may_try(request, "join") for _ in range(count)]


def test_thirty_learners_behind_one_address_may_join(rf: RequestFactory) -> None:
    assert all(tries(rf, 30, "192.0.2.7"))


def test_three_hundred_attempts_from_one_address_are_too_many(rf: RequestFactory) -> None:
    assert not tries(rf, 300, "192.0.2.7")[-1]


def test_one_address_does_not_use_up_the_attempts_of_another(rf: RequestFactory) -> None:
    tries(rf, 300, "192.0.2.7")
    assert tries(rf, 1, "192.0.2.8") == [True]


def test_addresses_of_one_ipv6_network_count_as_one(rf: RequestFactory) -> None:
    tries(rf, 300, "2001:db8::1")
    assert tries(rf, 1, "2001:db8::2") == [False]


def test_behind_a_proxy_the_learners_address_counts_and_not_the_proxys(rf: RequestFactory, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = PROXY
    tries(rf, 300, "127.0.0.1", forwarded="198.51.100.1, 192.0.2.7")
    assert tries(rf, 1, "127.0.0.1", forwarded="192.0.2.8") == [True]
    assert tries(rf, 1, "127.0.0.1", forwarded="203.0.113.9, 192.0.2.7") == [False]


def test_without_a_proxy_nobody_chooses_the_address_that_counts(rf: RequestFactory) -> None:
    tries(rf, 300, "192.0.2.7", forwarded="198.51.100.1")
    assert tries(rf, 1, "192.0.2.7", forwarded="198.51.100.2") == [False]
