"""What `lessons lint` finds in a lesson that can be read, and at which line."""

import pytest

from playground.authoring.lint import Surroundings, findings
from playground.checks import kinds
from playground.curriculum.parser import parse

LESSON = """---
title: T
summary: S
minutes: 5
---

Before {intro}.

## One {{#one}}

Text {prose}.

```sh run
docker run --name web {image} true
```

```hint
~~~sh run
docker rm {hinted}
~~~
```

```check
{check}
```

```sh solve
docker run --name web busybox true
docker tag busybox mine:2
```

```sh wrong
docker run nosuch
```

## Two {{#two}}

```check
did: ps
```

```sh solve
docker ps
docker run {later} true
```
"""
GOOD = {
    "intro": "[the second](#two)",
    "prose": "[elsewhere](https://example.org/) and `[not a link](x)`",
    "image": "busybox",
    "hinted": "web",
    "check": "did: {run: web}",
    "later": "mine:2",
}
LINKS = "links are `https://…`, `#step` or `/lessons/<lesson>/<step>/`"
NO_DOCKER = "a `shell` check must not call docker: it would count as the learner's doing"
AROUND = Surroundings(
    images=["busybox:latest", "hello-world:latest"], lessons={"t": ["one", "two"], "other": ["first"]}
)


def found(**changes: str) -> list[str]:
    good = {**GOOD, "check": "did: {run: busybox}"}
    text = LESSON.format(**{**good, **changes})
    return [
        f"{error.line}: {error.message}" for error in findings(parse(text, "f", "t", kinds.parse), text, "f", AROUND)
    ]


def test_a_good_lesson_has_no_findings() -> None:
    assert found() == []
    assert found(prose="[there](/lessons/other/first/), [here](/lessons/other/)") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image": "busibox"}, "14: the catalogue has no image `busibox`: did you mean `busybox`?"),
        ({"check": "did: {run: busibox}"}, "24: the catalogue has no image `busibox`: did you mean `busybox`?"),
        ({"check": "container: {image: busibox}"}, "24: the catalogue has no image `busibox`: did you mean `busybox`?"),
        ({"later": "mine:3"}, "44: the catalogue has no image `mine:3`: did you mean `mine:2`?"),
        ({"intro": "[x](#tow)"}, "7: this lesson has no step `#tow`: did you mean `two`?"),
        ({"prose": "[x](/lessons/others/)"}, "11: there is no lesson `others`: did you mean `other`?"),
        ({"prose": "[x](/lessons/other/frist/)"}, "11: the lesson `other` has no step `frist`: did you mean `first`?"),
        ({"prose": "[x](../other)"}, "11: `../other` leads nowhere: " + LINKS),
        ({"hinted": "wbe"}, "19: the hint names `wbe`, which no command of this lesson does"),
        ({"check": "container: {name: wbe}"}, "24: no command of this lesson names `wbe`"),
        ({"check": "all: [{did: ps}, {did: {stop: wbe}}]"}, "24: no command of this lesson names `wbe`"),
        ({"check": "shell: docker ps"}, "24: " + NO_DOCKER),
    ],
)  # fmt: skip
def test_names_that_lead_nowhere_are_found_at_their_line(change: dict[str, str], message: str) -> None:
    assert found(**change) == [message]


def test_a_step_that_checks_for_the_refusal_may_name_what_is_not_there() -> None:
    assert found(image="nosuch", check="did: {run: {image: nosuch, ok: false}}") == []


def test_patterns_variables_and_ids_are_no_names() -> None:
    assert found(image="$IMAGE", check="container: {name: 'w*'}") == []
    assert found(image="4f0c7a1e93bd", hinted="4f0c") == []
