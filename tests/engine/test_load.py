"""The load test itself, small and quick: what it measures is not looked at, what it does is."""

from playground.bench.stage import stage
from playground.curriculum.typed import Line, typed
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage
from playground.load.hour import Plan, hold
from playground.load.pace import PACES
from playground.pages.course import course

LEARNERS = 3


async def test_a_class_joins_by_its_code_works_through_the_first_lesson_and_leaves_nothing(
    engine: Engine, engine_client: EngineClient, catalogue_images: list[CatalogueImage]
) -> None:
    plan = Plan(course().lessons[0], LEARNERS, PACES["quick"])
    async with stage(engine, engine_client, LEARNERS, LEARNERS) as here:
        outcome = await hold(here, plan, print)
    assert (outcome.came, outcome.finished) == (LEARNERS, LEARNERS)
    assert (list(outcome.faults), outcome.left) == ([], [])
    assert len(outcome.figures.roster) == LEARNERS * len(plan.lesson.steps)
    keys = sum(len(item.text) for step in plan.lesson.steps for item in typed(step.solve) if isinstance(item, Line))
    assert len(outcome.figures.echoes) == LEARNERS * keys
