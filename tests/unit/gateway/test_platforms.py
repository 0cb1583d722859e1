"""`--platform` asks for what there is, or is refused."""

import pytest

from playground.gateway.policy.platforms import fits
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("", True), ("linux/amd64", True), ("linux/amd64/v2", True), ("Linux/x86_64", True), ("amd64", True),
        ("linux", True), ("linux/arm64", False), ("arm64", False), ("windows/amd64", False), ("windows", False),
        ("amd64/linux", False), ("/", False),
    ],
)  # fmt: skip
def test_one_platform_is_there(asked: str, there: bool) -> None:
    assert fits(asked, "amd64") is there


async def test_another_platform_is_neither_run_nor_pulled(ada: Learner, upstream: RecordingEngine) -> None:
    made = await ada.post("/containers/create?platform=linux/s390x", {"Image": "busybox"})
    assert (made.status, "wanted linux/s390x, actual: linux/amd64" in made.message) == (404, True)
    pulled = await ada.post("/images/create?fromImage=busybox&tag=latest&platform=linux/s390x")
    assert (pulled.status, "no matching manifest for linux/s390x" in pulled.message) == (404, True)
    assert upstream.seen == []


async def test_an_unknown_tag_is_answered_with_those_that_there_are(ada: Learner) -> None:
    answer = await ada.post("/images/create?fromImage=busybox&tag=1.99")
    assert answer.message == "manifest for busybox:1.99 not found: the playground's catalogue has busybox:latest."
