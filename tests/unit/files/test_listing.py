import pytest

from playground.files.listing import LARGEST, MOST, Entry, parse


def names(output: bytes) -> list[str]:
    return [entry.name for entry in parse(output).entries]


def test_folders_come_first_and_then_names_as_people_sort_them() -> None:
    output = b"/81a4 12 ./b\n/81a4 0 ./A\n/41ed 4096 ./z\n/a1ff 4 ./link\n/11a4 0 ./pipe\n"
    assert parse(output).entries == (
        Entry("z", "folder", 4096, True),
        Entry("A", "file", 0, True),
        Entry("b", "file", 12, True),
        Entry("link", "link", 4, True),
        Entry("pipe", "other", 0, True),
    )


@pytest.mark.attack("names that are made to be misread")
def test_a_name_with_line_ends_is_one_name() -> None:
    assert names(b"/81a4 1 ./a\n81a4 9 b\n\n/81a4 2 ./c\n") == ["a\n81a4 9 b\n", "c"]


@pytest.mark.attack("names that are made to be misread")
def test_a_name_that_is_no_text_is_shown_and_cannot_be_said() -> None:
    [entry] = parse(b"/81a4 1 ./caf\xe9\n").entries
    assert (entry.name, entry.named) == ("caf\ufffd", False)


@pytest.mark.attack("a seat whose tools lie")
@pytest.mark.parametrize(
    "output", [b"", b"\0\xff" * 99, b"/81a4", b"/zz 1 ./a\n", b"/81a4 -1 ./a\n", b"/81a4 1 ./../a\n", b"81a4 1 ./a\n"]
)
def test_what_is_no_record_is_left_out(output: bytes) -> None:
    assert names(output) == []


def test_the_rest_of_a_large_folder_is_told_of() -> None:
    many = b"".join(b"/81a4 1 ./%d\n" % number for number in range(MOST + 1))
    assert len(parse(many).entries) == MOST
    assert parse(many).more
    assert not parse(many[: -len(b"/81a4 1 ./500\n")]).more
    assert parse(b"x" * LARGEST).more
