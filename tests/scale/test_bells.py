"""Redis, and what is set for it."""

import asyncio

import pytest
from channels.layers import get_channel_layer
from pytest_django import Settings

from playground import bells

PATIENCE = 30.0


async def test_a_page_that_nobody_rings_at_is_not_taken_for_one_that_has_lost_redis() -> None:
    layer = get_channel_layer()
    limit = layer.connection(0).connection_pool.connection_kwargs["socket_timeout"]
    assert limit > layer.brpop_timeout


async def test_each_page_of_a_full_house_hears_its_ring_though_none_has_read_yet() -> None:
    layer = get_channel_layer()
    pages = {f"learner.{number}": await layer.new_channel() for number in range(150)}
    for group, page in pages.items():
        await layer.group_add(group, page)
        await bells.ring(group, {"type": "ring"})
    async with asyncio.timeout(PATIENCE):
        heard = await asyncio.gather(*map(layer.receive, pages.values()))
    assert heard == 150 * [{"type": "ring"}]
    for group, page in pages.items():
        await bells.hear_no_more(group, page)


async def test_without_redis_a_ring_is_lost_and_nothing_else(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = {**settings.DOORBELLS, "hosts": [{"address": "redis://127.0.0.1:1"}]}
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": nobody}}
    await bells.ring("class", {"type": "ring"})
    await bells.hear_no_more("class", "a.page!1")
    assert caplog.text.count("WARNING") == 2
