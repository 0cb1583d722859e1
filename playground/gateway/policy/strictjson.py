"""One strict reading of a JSON body.

Go's decoder takes keys in any case (Unicode simple folds included), merges repeated objects, and stops at the end of
the first value; whoever reads the same bytes differently can be told two stories. So: one value, no key twice after
folding, nothing that has no exact meaning.
"""

import json
import math
import re
from typing import Any, NoReturn

from playground.gateway.policy.errors import bad

MAX_DEPTH = 32
MAX_DIGITS = 19
MAX_STRUCTURE = 32 * 1024  # bytes of all but strings: reading as many values takes some 10 ms of everybody's time
Json = Any  # None, bool, int, float, str, list or dict

# From any quote on it matches, at the worst to the end, so that no byte is looked at twice.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


def fold(key: str) -> str:
    return key.casefold()


def parse(data: bytes) -> Json:
    _check_structure(_STRING.sub(b"", data))
    try:
        value = _DECODER.decode(data.decode("utf-8"))
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate has no bytes
    except ValueError:
        raise bad("the body is not one JSON value") from None
    return value


def parse_object(data: bytes) -> dict[str, Json]:
    value = parse(data)
    if not isinstance(value, dict):
        raise bad("the body is not a JSON object")
    return value


def _check_structure(structure: bytes) -> None:
    if len(structure) > MAX_STRUCTURE:
        raise bad("the JSON holds too many values")
    depth = 0
    for bracket in _BRACKET.finditer(structure):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            raise bad("the JSON is nested too deeply")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    if len({fold(key) for key, _ in pairs}) != len(pairs):
        raise bad("the JSON holds a key twice")
    return dict(pairs)


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise bad("the JSON holds a number that is too long")
    return int(text)


def _float(text: str) -> float:
    value = float(text) if len(text) <= 2 * MAX_DIGITS else math.inf
    if not math.isfinite(value):
        raise bad("the JSON holds a number that is too long")
    return value


def _constant(text: str) -> NoReturn:
    raise bad(f"{text} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant)
