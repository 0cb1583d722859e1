"""What a learner who knows it answers to the questions on the page, and what one who does not. Pure."""

from playground.checks import kinds
from playground.checks.words.inside import Answer
from playground.curriculum.model import Check, Quiz, Step


def asked(step: Step) -> list[Check | Quiz]:
    """The goals of the step that are questions, in the order of the page."""
    return [goal for goal in step.goals if isinstance(goal, Quiz) or goal.asks]


def done_on_the_engine(step: Step) -> list[Check]:
    return [check for check in step.checks if not check.asks]


def right(goal: Check | Quiz) -> str | list[int]:
    if isinstance(goal, Quiz):
        return sorted(goal.right)
    assert isinstance(goal, kinds.Check)
    assert isinstance(goal.word, Answer)
    return goal.word.accept[0]


def wrong(goal: Check | Quiz) -> str | list[int]:
    if isinstance(goal, Quiz):
        return [next(place for place in range(len(goal.answers) + 1) if place not in goal.right)]
    return "no idea"
