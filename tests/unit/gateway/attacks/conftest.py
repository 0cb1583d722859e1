"""Ben has an image of his own as well."""

import pytest

from tests.unit.gateway.recording import IMAGE_ID, RecordingEngine

BENS_IMAGE = "sha256:" + "9" * 64


@pytest.fixture
async def upstream(upstream: RecordingEngine) -> RecordingEngine:
    marks = {"playground.instance": "test", "playground.seat": "ben", "playground.role": "built"}
    upstream.answers["GET /images/json"] = (
        200,
        [
            {"Id": IMAGE_ID, "RepoTags": ["pg-ada/busybox:latest", "pg-ben/busybox:latest", "other:1"]},
            {"Id": BENS_IMAGE, "RepoTags": ["pg-ben/secret:1"], "Labels": marks, "Size": 7},
        ],
    )
    return upstream
