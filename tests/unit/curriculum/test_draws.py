"""Lessons that are different for each learner."""

from playground.curriculum.draws import VARIANTS, Draws, drawn, filled
from tests.unit.curriculum.lessons import HEAD, errors, lesson

DRAW = HEAD.replace("minutes: 5", "minutes: 5\ndraw:\n  name: [otter, heron, lynx]\n  count: [2, 3]")
STEP = """
## Make @{count} {#make}

Make @{count} containers, the first of them `@{name}`.

```check
saw: "@{name} and @{count}"
```

```sh solve
docker run --name @{name} busybox
```
"""


def test_each_variant_has_its_values_everywhere() -> None:
    made = lesson(DRAW + STEP)

    assert len(made.variants) == VARIANTS
    assert made.variants[0].steps == made.steps
    for variant in made.variants:
        (step,) = variant.steps
        count = step.title.removeprefix("Make ")
        name = step.solve.split()[3]
        assert (step.id, step.checks[0].key) == ("make", f"{name} and {count}")
        assert f"the first of them `{name}`" in str(step.blocks)


def test_all_values_are_drawn_and_not_always_together() -> None:
    draws: Draws = {"name": ["otter", "heron"], "count": [2, 3]}
    found = [drawn(draws, "t", variant) for variant in range(VARIANTS)]

    assert sorted(each["name"] for each in found) == ["heron"] * 4 + ["otter"] * 4
    assert len({(each["name"], each["count"]) for each in found}) > 2
    assert found == [drawn(draws, "t", variant) for variant in range(VARIANTS)]


def test_a_lesson_that_draws_nothing_has_no_variants_and_may_have_such_text() -> None:
    made = lesson(HEAD + STEP)

    assert made.variants == ()
    assert made.steps[0].title == "Make @{count}"


def test_braces_of_other_kinds_are_left_alone() -> None:
    assert filled("{{.Names}} ${name} @{name} @{other}", {"name": "x"}) == "{{.Names}} ${name} x @{other}"


def test_names_that_nothing_draws_or_that_nobody_uses_are_mistakes() -> None:
    assert errors(DRAW + STEP.replace("the first of them `@{name}`", "the first `@{nmae}`")) == [
        (12, "nothing draws `@{nmae}`: did you mean `name`?")
    ]
    assert errors(DRAW.replace("count:", "size:") + STEP.replace("@{count}", "@{name}")) == [
        (1, "`draw` has `size`, and the text has no `@{size}`")
    ]
    assert errors(DRAW + STEP.replace("{#make}", "{#make-@{name}}")) == [
        (0, "the ids of its steps must not be drawn: progress is stored under them")
    ]
    assert errors(DRAW.replace("[2, 3]", "[2]") + STEP)[0][0] == 7
