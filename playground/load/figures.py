"""What a class at work was like, in figures with their aims. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from playground.bench.figures import Aim, Row, spread, tail_at_most
from playground.load.flat import flat
from playground.load.server import Samples

JOIN_SECONDS = 10.0
ECHO_MS = 100.0
ROSTER_SECONDS = 2.0
MEMORY_SLACK, DESCRIPTORS_SLACK, THREADS_SLACK = 10.0, 10.0, 4.0
TAILS = (95, 99, 100)


@dataclass(slots=True)
class Figures:
    """Times in milliseconds; one sample for each learner, key, tick or piece of output."""

    joins: list[float] = field(default_factory=list)  # a first request to a first prompt
    lots: list[float] = field(default_factory=list)  # a lot's first request to its last prompt
    echoes: list[float] = field(default_factory=list)
    ticks: list[float] = field(default_factory=list)  # after the prompt
    roster: list[float] = field(default_factory=list)  # after the tick
    visits: list[float] = field(default_factory=list)  # after the learner's own output
    late: list[float] = field(default_factory=list)  # this process itself
    server: Samples = field(default_factory=Samples)

    def rows(self, *, judged: bool, stays_flat: bool) -> list[Row]:
        """`judged`: at a pace that the aims are for. `stays_flat`: it went on for long enough to say so."""
        joins, lots = Row("join, each", "s", _seconds(self.joins)), Row("join, the class", "s", _seconds(self.lots))
        echoes, roster = Row("echo of a key", "ms", self.echoes), Row("roster behind", "s", _seconds(self.roster))
        memory = Row("server, memory", "MiB", self.server.memory)
        descriptors = Row("server, descriptors", "pcs", self.server.descriptors)
        threads = Row("server, threads", "pcs", self.server.threads)
        if judged:
            lots.aim = tail_at_most(lots, 100, JOIN_SECONDS)
            echoes.aim = tail_at_most(echoes, 99, ECHO_MS)
            roster.aim = tail_at_most(roster, 100, ROSTER_SECONDS)
        if stays_flat:
            memory.aim = flat(memory, self.server.at, MEMORY_SLACK)
            descriptors.aim = flat(descriptors, self.server.at, DESCRIPTORS_SLACK)
            threads.aim = flat(threads, self.server.at, THREADS_SLACK)
        return [
            joins,
            lots,
            echoes,
            Row("tick after the prompt", "ms", self.ticks),
            roster,
            Row("watched terminal behind", "ms", self.visits),
            Row("this client late", "ms", self.late),
            Row("server, CPU", "%", self.server.cpu),
            Row("machine, CPU, whoever had it", "%", self.server.machine),
            memory,
            descriptors,
            threads,
        ]


def cells(row: Row) -> tuple[str, ...]:
    aim = row.aim or Aim("", True)
    met = ("yes" if aim.met else "NO") if row.aim else ""
    return (f"{row.what}, {row.unit}", *spread(row.ours, TAILS), aim.words, met)


def _seconds(milliseconds: Sequence[float]) -> list[float]:
    return [each / 1000 for each in milliseconds]
