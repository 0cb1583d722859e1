"""`docker commit`: the request is written anew, the configuration is the gateway's reading of it (attacks E 86, G 118,
H 132)."""

import pytest

from playground.gateway.limits import Limits
from tests.unit.gateway.conftest import ADAS_WEB, BENS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import MADE_IMAGE_ID, RecordingEngine

MARKS = {
    "playground.instance": "test",
    "playground.seat": "ada",
    "playground.role": "built",
    "playground.step": "",
    "playground.recipe": "",
    "playground.image": "",
    "playground.network": "",
    "playground.ports": "",
}


async def test_a_commit_pauses_and_takes_nothing_of_the_body(ada: Learner, upstream: RecordingEngine) -> None:
    answer = await ada.post(
        "/commit?container=web&repo=docker.io/library/busybox&tag=latest&pause=0&comment=hi&changes=ENV+a%3D1"
        "&changes=LABEL+tier%3Dback&changes=CMD+%5B%22top%22%5D",
        {
            "Healthcheck": {"Test": ["CMD", "x"], "Interval": 1},
            "OnBuild": ["RUN x"],
            "Labels": {"playground.seat": "ben"},
        },
    )
    assert (answer.status, answer.json) == (201, {"Id": MADE_IMAGE_ID})
    (made,) = [seen for seen in upstream.seen if seen.line == "POST /v1.41/commit"]
    assert made.query == {"container": ADAS_WEB, "pause": "1", "comment": "hi", "author": ""}
    assert made.body == {"Cmd": ["top"], "Entrypoint": [], "Env": ["a=1"], "Labels": {"tier": "back"} | MARKS}
    assert upstream.seen[-1].query == {"repo": "pg-ada/busybox", "tag": "latest"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("LABEL playground.seat=ben", "belong to the playground"),
        ("LABEL PLAYGROUND.seat=ben", "belong to the playground"),
        ("HEALTHCHECK --interval=1ms CMD true", "A health check here runs at most every 10 s"),
        ("ONBUILD RUN x", "ONBUILD is not available"),
        ("VOLUME /proc", "VOLUME may not lie under /proc"),
        ("STOPSIGNAL 9", "stopsignal is not a valid change command"),
        ("WORKDIR /proc/self/fd/8", "WORKDIR may not lie under /proc"),
        ("RUN rm x", "run is not a valid change command"),
        ("FROM busybox", "from is not a valid change command"),
        ("NONSENSE x", "nonsense is not a valid change command"),
        ("ENV", "requires at least one argument"),
        ("", "an empty change"),
    ],
)
async def test_what_a_commit_may_not_change(ada: Learner, upstream: RecordingEngine, change: str, says: str) -> None:
    answer = await ada.post(f"/commit?container=web&changes={change.replace(' ', '%20').replace('=', '%3D')}")
    assert answer.status in (400, 403)
    assert says in answer.message
    assert "POST /v1.41/commit" not in upstream.lines()


async def test_anothers_container_cannot_be_committed(ada: Learner, upstream: RecordingEngine) -> None:
    foreign, never = await ada.post(f"/commit?container={BENS_WEB}"), await ada.post(f"/commit?container={'0' * 64}")
    assert (foreign.status, foreign.message.replace(BENS_WEB, "0" * 64)) == (404, never.message)
    assert upstream.seen == []


class TestWithFew:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(images=2)

    async def test_too_many_images_are_refused_before_one_is_made(
        self, ada: Learner, upstream: RecordingEngine
    ) -> None:
        assert (await ada.post("/commit?container=web")).status == 201
        answer = await ada.post("/commit?container=web&repo=mine")
        assert (answer.status, "docker image prune" in answer.message) == (409, True)
        assert upstream.lines().count("POST /v1.41/commit") == 1
