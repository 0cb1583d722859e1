"""A lesson to start from: small, and it keeps its promises. Pure."""

import re

from playground.curriculum.course import FOLDER

TEXT = """\
---
title: {title}
summary: One sentence that says what a learner can do afterwards.
minutes: 10
# teaches: {{say-hello: [8]}}     rows of the syllabus, by step
---

Say in two or three sentences what this lesson is about.

## Let a container say hello {{#say-hello}}

Say what is going to happen. Then let the learner do it:

```sh run
docker run --name {slug} busybox echo hello
```

```output
hello
```

Say what they saw, and why it matters.

```check
did: {{run: {{name: {slug}, command: "echo *", exit_code: 0}}}}
goal: Let a container say hello
says:
  - when: {{did: {{run: {{name: {slug}, exit_code: 127}}}}}}
    text: "The image has no such program. Remove the container with `docker rm {slug}` and try `echo hello`."
  - when: {{did: {{run: busybox}}}}
    text: "That ran. Give the container a name with `--name {slug}`, and the command `echo hello`."
```

```hint
If the name is in use already, remove the old container first:

~~~sh run
docker rm --force {slug}
~~~
```

```sh solve
docker run --name {slug} busybox echo hello
```

```sh wrong
docker run busybox echo hello
```

## Look at what is left {{#look-back}}

The program has ended. Its container is still there:

```sh run
docker ps --all
```

```check
did: {{ps: {{flags: {{all: true}}}}}}
goal: List the container that has ended
says:
  - when: {{did: ps}}
    text: "`docker ps` lists what runs. Add `--all` to see what has ended."
```

```quiz
question: What is left of a container whose program has ended?
goal: Say what is left
answers:
  - text: Its files and its log
    right: true
    why: Until you remove it, you can look at both.
  - text: Nothing
    why: "`docker ps --all` has just shown it."
```

```sh solve
docker ps --all
docker rm {slug}
```

```sh wrong
docker ps
```
"""


def text(slug: str, title: str) -> str:
    return TEXT.format(slug=slug, title=title or slug.replace("-", " ").capitalize())


def folder(slug: str, folders: list[str]) -> str:
    """The new lesson's, after the last of those that are there. Raises ValueError, with words for the author."""
    found = [match for name in folders if (match := FOLDER.fullmatch(name))]
    if slug in (match["slug"] for match in found):
        raise ValueError(f"there is a lesson `{slug}` already")
    number = max((int(match["number"]) for match in found), default=0) + 1
    made = f"{number:02d}-{slug}"
    if not FOLDER.fullmatch(made):
        near = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:50]
        raise ValueError(f"a slug is small letters, digits and hyphens, at most 50: perhaps `{near}`?")
    return made
