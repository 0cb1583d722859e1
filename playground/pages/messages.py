"""What a lesson's page may say on the progress socket; anything else closes it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Slug = Annotated[str, Field(max_length=50)]
Given = Annotated[str, Field(max_length=200)] | Annotated[list[int], Field(max_length=8)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Map(_Strict):
    """The page has a map, and wants to be told what to draw on it."""

    type: Literal["map"]


class _Message(_Strict):
    lesson: Slug
    step: Slug


class Open(_Message):
    """The page shows this step; "" for a page of the lesson that is no step."""

    type: Literal["open"]


class Answer(_Message):
    """A text for a question, the places ticked for a quiz."""

    type: Literal["answer"]
    key: Slug
    given: Given


class Hint(_Message):
    """A hint of the step was opened."""

    type: Literal["hint"]


class Solution(_Message):
    """The learner wants to see the step's solution."""

    type: Literal["solution"]


class Play(_Message):
    """The solves of all steps before this one are to be typed; "" ends that."""

    type: Literal["play"]


class Played(_Message):
    """The step's solve has been typed to its end."""

    type: Literal["played"]


class Again(_Message):
    """What was passed of the step is taken back; "" for the whole lesson."""

    type: Literal["again"]


class Here(_Message):
    """The learner has been at work on the page since the last such message."""

    type: Literal["here"]


Message = Map | Open | Answer | Hint | Solution | Play | Played | Again | Here
messages: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])
