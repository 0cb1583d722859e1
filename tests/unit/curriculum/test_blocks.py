import pytest

from playground.curriculum.blocks import BadYaml, read


def test_every_value_knows_its_line() -> None:
    yaml = read("a: 1\nb:\n  - c: x\n  - d: y\n")

    assert yaml.value == {"a": 1, "b": [{"c": "x"}, {"d": "y"}]}
    assert yaml.line(("b", 1, "d")) == 4
    assert yaml.line(("b", 0, "not", "there")) == 3


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: &x 1\nb: *x", 1, "anchors and aliases"),
        ("a: 1\nb: *x", 2, "anchors and aliases"),
        ("[" * 20 + "]" * 20, 1, "nested more than"),
        ("a: 1\nb: !!timestamp 2020-01-01", 2, "write plain text"),
        ("a: !!python/object:os.system x", 1, "write plain text"),
        ("? [a, b]\n: 1", 1, "a key must be a word"),
        ("a: 1\nb: ]", 2, "not YAML"),
        ("a: !!int x", 1, "not YAML"),
        ("a: 1\n---\nb: 1", 2, "not YAML"),
        ("x" * 20_000, 1, "longer than"),
        ("a: \x07", 1, "not YAML"),
    ],
)
def test_what_could_surprise_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(BadYaml, match=message) as caught:
        read(text)

    assert caught.value.line == line


def test_words_stay_words() -> None:
    yaml = read("[No, yes, on, 12:30, 010, 1_000, 1.5, 2020-01-01, <<, 12345678901, true, -7, null, ~]")

    assert yaml.value == [
        "No", "yes", "on", "12:30", "010", "1_000", "1.5", "2020-01-01", "<<", "12345678901", True, -7, None, None,
    ]  # fmt: skip


def test_an_empty_block_is_nothing() -> None:
    assert read("# only a remark\n").value is None
