"""Nothing on the map is without words, and no words are there for nothing."""

import re

from playground.map import ways
from playground.pages.mapwords import map_words
from tests.live import ROOT

SCRIPTS = ROOT / "static" / "js" / "map"
MADE_UP = ("map-step-", "map-state-", "map-container-")  # the rest of the name comes with what is drawn


def test_every_step_has_its_phrase() -> None:
    known = [ways.HEAD, ways.PULLS, ways._LACKED, *ways.WAYS.values(), *ways.EVENTS.values()]
    steps = {word for way in known for _, word in way} | {"looks", "nothing", "output", "answers", "refused"}
    assert {name for name in map_words() if name.startswith("map-step-")} == {f"map-step-{word}" for word in steps}


def test_every_state_has_a_word_and_a_sentence() -> None:
    def states(prefix: str) -> set[str]:
        return {name.removeprefix(prefix) for name in map_words() if name.startswith(prefix)}

    assert states("map-state-") == states("map-container-")
    assert states("map-state-") > {"created", "running", "paused", "restarting", "removing", "exited", "dead"}


def test_the_scripts_say_what_there_are_words_for_and_nothing_else() -> None:
    said = {name for file in SCRIPTS.glob("*.js") for name in re.findall(r'"(map-[a-z-]+)"', file.read_text())}
    assert said == {name for name in map_words() if not name.startswith(MADE_UP)}
