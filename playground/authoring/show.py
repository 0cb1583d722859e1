"""What `manage.py lessons` shows: a bar, what went wrong, the syllabus with its steps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from playground.authoring.rehearsal import Problem
from playground.authoring.trials import Outcome, Trial
from playground.curriculum.model import Step
from playground.curriculum.syllabus import ROWS


@contextmanager
def bar(planned: Sequence[Trial]) -> Iterator[Callable[[Trial, Step], None]]:
    """To be told of each step that was tried."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=sum(len(trial.tried) for trial in planned))
        yield lambda trial, step: progress.update(task, advance=1, description=f"{trial.lesson.slug}/{step.id}")


def report(outcomes: Sequence[Outcome], files: Mapping[str, str]) -> Iterator[str]:
    """What a step does after wrong ways it does without them as well, mostly: that is said once."""
    told: set[tuple[str, str, str, str]] = set()
    for outcome in sorted(outcomes, key=lambda one: (one.trial.lesson.slug, not one.trial.wrong)):
        for problem in outcome.problems:
            same = (outcome.trial.lesson.slug, problem.step.id, problem.about, problem.message)
            if same not in told:
                told.add(same)
                yield _problem(outcome.trial, problem, files[outcome.trial.lesson.slug])


def _problem(trial: Trial, problem: Problem, file: str) -> str:
    where = f"{file}:{problem.step.line}: {problem.step.id} {_start(trial)}"
    seen = "".join(f"\n    {line}" for line in problem.seen.strip("\n").split("\n")) if problem.seen.strip() else ""
    return f"{where}: {problem.about}: {problem.message}{seen}"


def _start(trial: Trial) -> str:
    return _("(in order)") if trial.wrong and not trial.before else _("(from a fresh seat)")


def coverage(rows: Mapping[int, Sequence[str]]) -> Table:
    table = Table(_("row"), _("teaches"), _("steps"))
    for row, steps in rows.items():
        table.add_row(str(row), ROWS[row], "\n".join(steps) or "[red]—[/red]")
    return table
