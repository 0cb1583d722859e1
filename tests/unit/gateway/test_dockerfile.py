"""A Dockerfile's text: what it means, or the line that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.gateway.policy import buildplan, imageconfig
from playground.gateway.policy.buildplan import Asked
from playground.gateway.policy.dockerfile import Instruction, parse
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.words import expand, split

NOTHING = Asked("Dockerfile", (), {}, {}, "", False, False, False)


def test_comments_continuations_and_both_forms() -> None:
    text = b'# one\r\nfrom busybox AS tools\n\nRUN echo a && \\\n  # between\n\n  echo b\nCMD ["a", "b c"]\n'
    assert parse(text) == [
        Instruction(2, "FROM", "busybox AS tools"),
        Instruction(4, "RUN", "echo a &&   echo b"),
        Instruction(8, "CMD", '["a", "b c"]', {}, ("a", "b c")),
    ]


def test_an_instruction_is_told_as_it_was_typed() -> None:
    (start,) = parse(b"from --platform=linux/amd64 busybox as tools")
    assert str(start) == "from --platform=linux/amd64 busybox as tools"


def test_flags_stand_before_the_words() -> None:
    (_, copy) = parse(b"FROM x\nCOPY --from=0 --chown=1:2 a --b /c")
    assert (copy.flags, copy.text, str(copy)) == (
        {"from": "0", "chown": "1:2"},
        "a --b /c",
        "COPY --from=0 --chown=1:2 a --b /c",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "cannot be empty"),
        (b"# only\n", "cannot be empty"),
        (b"RUN x", "no build stage in current context"),
        (b"ARG a", "no FROM"),
        (b"FROM x\nFOO bar", "line 2: unknown instruction: FOO"),
        (b"FROM x\nRUN", "line 2: RUN requires at least one argument"),
        (b"FROM --nosuch=arm x", "line 1: Unknown flag: nosuch"),
        (b"FROM x\nCOPY --from= a b", "line 2: Missing a value on flag: from"),
        (b"FROM x\nCOPY --from=a --from=b a b", "line 2: Duplicate flag"),
        (b"FROM x\nRUN --mount=type=bind x", "line 2: the --mount option requires BuildKit"),
        (b"FROM x\nADD --checksum=x a b", "line 2: the --checksum option requires BuildKit"),
        (b"FROM x\nONBUILD RUN x", "line 2: ONBUILD is not available"),
        (b"# escape=`\nFROM x", "line 1: # escape"),
        (b"FROM x\n\xff", "not UTF-8"),
        (b"FROM x\nRUN a\0b", "NUL"),
        (b"FROM x\n" + b"RUN a\n" * 100, "line 101: at most 100 instructions"),
        (b"FROM x\n#" + b"a" * 70000, "at most 65536 bytes"),
    ],
)
def test_what_is_not_known_is_an_error_with_its_line(text: bytes, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text)
    assert says in refusal.value.message


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("$a", "1"), ("${a}b", "1b"), ("$ab", ""), ("${x:-d}", "d"), ("${a:-d}", "1"), ("${a:+s}", "s"),
        ("${x:+s}", ""), ("'$a'", "$a"), ('"$a b"', "1 b"), (r"\$a", "$a"), (r'"\$a\"\n"', r'$a"\n'), ("$", "$"),
        ("a'b c'd", "ab cd"), ("5$", "5$"),
    ],
)  # fmt: skip
def test_a_word_without_quotes_and_with_its_variables(word: str, value: str) -> None:
    assert expand(word, {"a": "1"}) == value


@given(st.text(max_size=60))
def test_any_words_are_read_or_refused(text: str) -> None:
    try:
        for word in split(text):
            expand(word, {"a": "$b", "b": "'"})
    except Refused:
        return


@given(st.binary(max_size=200))
def test_any_bytes_are_a_dockerfile_or_refused(data: bytes) -> None:
    try:
        buildplan.plan(parse(b"FROM x\n" + data), NOTHING)
    except Refused:
        return


def test_stages_up_to_the_target() -> None:
    text = parse(b"ARG v=1\nFROM a:$v AS one\nRUN x\nFROM b AS two\nRUN y\nFROM c\n")
    whole = buildplan.plan(text, NOTHING)
    assert [(stage.base, stage.name) for stage in whole.stages] == [("a:1", "one"), ("b", "two"), ("c", "")]
    assert whole.steps == 6
    part = buildplan.plan(text, Asked("Dockerfile", (), {"v": "2"}, {"k": 'a "b"'}, "one", False, False, False))
    assert [stage.base for stage in part.stages] == ["a:2"]
    assert str(part.stages[-1].steps[-1]) == r'LABEL k="a \"b\""'
    with pytest.raises(Refused, match="failed to reach build target nope"):
        buildplan.plan(text, Asked("Dockerfile", (), {}, {}, "nope", False, False, False))


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("ENV a=1 b='2 3'", "Env", ["PATH=/bin", "a=1", "b=2 3"]), ("ENV a 1 2", "Env", ["PATH=/bin", "a=1 2"]),
        ("ENV PATH=/x:$PATH", "Env", ["PATH=/x:/bin"]), ("CMD echo $a", "Cmd", ["/bin/sh", "-c", "echo $a"]),
        ('ENTRYPOINT ["x"]', "Entrypoint", ["x"]), ("EXPOSE 80 53/UDP", "ExposedPorts", {"80/tcp": {}, "53/udp": {}}),
        ("EXPOSE 80-81/udp", "ExposedPorts", {"80/udp": {}, "81/udp": {}}),
        ("WORKDIR ../a/./b", "WorkingDir", "/a/b"), ("USER 1:2", "User", "1:2"), ("STOPSIGNAL 9", "StopSignal", "9"),
        ("VOLUME /a /b", "Volumes", {"/a": {}, "/b": {}}), ("LABEL a=b", "Labels", {"a": "b"}),
        ("HEALTHCHECK NONE", "Healthcheck", {"Test": ["NONE"]}),
        ("HEALTHCHECK --interval=1m30s CMD true", "Healthcheck",
         {"Test": ["CMD-SHELL", "true"], "Interval": 90 * 10**9, "Timeout": 5 * 10**9, "Retries": 0, "StartPeriod": 0,
          "StartInterval": 90 * 10**9}),
    ],
)  # fmt: skip
def test_what_an_instruction_does_to_the_configuration(line: str, field: str, value: object) -> None:
    config: imageconfig.Config = {"Env": ["PATH=/bin"], "WorkingDir": "/srv"}
    (_, instruction) = parse(b"FROM x\n" + line.encode())
    imageconfig.apply(config, instruction, imageconfig.environment(config))
    assert config[field] == value


@pytest.mark.parametrize(
    "line",
    [
        "ENV a=1 b", "ENV =1", "LABEL playground.seat=ben", "EXPOSE 90-80", "EXPOSE 1-9999", "EXPOSE x", "USER a b",
        "USER ../x", "WORKDIR /proc/x", "WORKDIR /a/../sys", "VOLUME /etc/x", "VOLUME /", "VOLUME /a /b /c /d /e",
        "STOPSIGNAL NOPE", "SHELL sh", "HEALTHCHECK --interval=1ms CMD true", "HEALTHCHECK --timeout=1h CMD true",
        "HEALTHCHECK --retries=99 CMD true", "HEALTHCHECK --interval=x CMD true", "HEALTHCHECK nope", "ENV a='1",
        "ENV a=${b?x}", "LABEL a=" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_an_instruction_may_not_say(line: str) -> None:
    (_, instruction) = parse(b"FROM x\n" + line.encode())
    with pytest.raises(Refused, match="line 2"):
        imageconfig.apply({}, instruction, {})
