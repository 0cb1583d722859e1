import pytest

from playground.classroom.models import Learner


@pytest.fixture
def ada(db: None) -> Learner:
    return Learner.objects.create_user("ada", display_name="Ada")


@pytest.fixture
def ben(db: None) -> Learner:
    return Learner.objects.create_user("ben", display_name="Ben")
