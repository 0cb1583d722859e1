"""YAML in lessons: small, flat, without surprises, and each value knows its line. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from playground.curriculum.errors import Path

MAX_CHARACTERS = 16 * 1024
MAX_DEPTH = 12
PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "bool", "null", "seq", "map"))


class BadYaml(Exception):
    """`line` counts from 1 within the block."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Yaml:
    value: object
    lines: dict[Path, int]  # from 1 within the block, of every key and item

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it that stands in the block."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Loader(yaml.SafeLoader):
    """Refuses what could make a few lines of YAML large or deep before it is built."""

    yaml_implicit_resolvers = {}
    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadYaml(line, "anchors and aliases (`&`, `*`) are not allowed here; put the text in quotes")
        if self.depth >= MAX_DEPTH:
            raise BadYaml(line, f"nested more than {MAX_DEPTH} levels deep")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        if node is not None and node.tag not in PLAIN_TAGS:
            raise BadYaml(line, "write plain text, numbers, true or false here; put anything else in quotes")
        return node


# YAML 1.1 also reads `No` as false and `12:30` as 750; here words stay words.
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]{0,8})$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:null|~|)$"), ["n", "~", ""])


def read(text: str) -> Yaml:
    """Raises BadYaml. An empty block is None."""
    if len(text) > MAX_CHARACTERS:
        raise BadYaml(1, f"longer than {MAX_CHARACTERS} characters")
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return Yaml(None, {})
        lines = dict(_lines(node, ()))
        return Yaml(loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYaml(mark.line + 1 if mark else 1, f"not YAML: {error.problem or error.context}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise BadYaml(1, f"not YAML: {error}") from None


def _lines(node: Node, path: Path) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, SequenceNode):
        for place, item in enumerate(node.value):
            yield from _lines(item, (*path, place))
    elif isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                raise BadYaml(line, "a key must be a word")
            if key.value in seen:
                raise BadYaml(line, f"`{key.value}` stands here twice")
            seen.add(key.value)
            yield from _lines(value, (*path, key.value))
            yield (*path, key.value), line
