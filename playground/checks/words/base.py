"""What every word of a check is."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from playground.checks.seen import Probe, Seen
from playground.curriculum.errors import BadCheck, Path, Problem, problems_of

AtLeast = Annotated[int, Field(ge=1, le=100)]
ExitCode = Annotated[int, Field(ge=0, le=255)]
Read = TypeVar("Read", bound="Model")


class Word(Protocol):
    """What stands behind one word of a check."""

    def holds(self, seen: Seen) -> bool: ...

    def probes(self) -> Iterator[Probe]:
        """What must be run in the seat before `holds` can tell."""


class Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    short: ClassVar[str] = ""  # the field that a plain string stands for

    @classmethod
    def read(cls: type[Read], value: object, path: Path) -> Read:
        """Raises BadCheck."""
        if isinstance(value, str) and cls.short:
            value = {cls.short: value}
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            known = [field.alias or name for name, field in cls.model_fields.items()]
            found = problems_of(error, known)
            raise BadCheck([Problem(path + one.path, one.message) for one in found]) from None

    def probes(self) -> Iterator[Probe]:
        yield from ()


def fits(text: str, pattern: str | None) -> bool:
    return pattern is None or fnmatchcase(text, pattern)
