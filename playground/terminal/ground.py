"""What all terminals share, a learner's and a visitor's alike."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.engine.client import EngineClient
from playground.terminal.desk import Desk
from playground.terminal.shells import Shells
from playground.terminal.visits import Visits


@dataclass(frozen=True, slots=True)
class Ground:
    desk: Desk
    shells: Shells
    visits: Visits
    client: EngineClient
    on_typed: Callable[[int], None]  # told the learner in whose terminal a key was hit; called for each, so it is cheap
