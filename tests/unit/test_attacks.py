"""Every attack that docs/reference/attacks.md lists is tried by a test, where it says; and no test tries one that is
not listed."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.unit.gateway.attacks.wishes import HOST_WISHES

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs/reference/attacks.md"
TIER = "(?:unit|engine|browser)"
ROW = re.compile(rf"^\| ([^|`]+) \| [^|]+ \| [^|]+ \| ({TIER}(?:, {TIER})*) \|$", re.MULTILINE)
NAMING = ("attack", "tried")  # pytest.mark.attack("…"), and the tables' tried("…", …)


def listed() -> dict[str, set[str]]:
    """By attack, in which tiers it is tried."""
    found = ROW.findall(TABLE.read_text())
    assert len(found) == len(dict(found)), "an attack is listed twice"
    return {name: set(tiers.split(", ")) for name, tiers in found}


def tried() -> dict[str, set[str]]:
    found = defaultdict(set)
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name in _named(ast.parse(path.read_text())):
            found[name].add(path.relative_to(ROOT / "tests").parts[0])
    for name in HOST_WISHES:  # each is sent before an engine that records and to a real one
        found[name] |= {"unit", "engine"}
    return dict(found)


def _named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node.func) in NAMING:
            names = [argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)]
            yield from (name for name in names if isinstance(name, str))


def _called(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def test_every_attack_is_tried_where_the_page_says_and_every_one_that_is_tried_is_on_the_page() -> None:
    assert tried() == listed()


def test_there_are_as_many_as_there_were() -> None:
    assert len(listed()) >= 100
