"""Archives: what is in them, or why not (attacks G 116, J 155)."""

import gzip
import io
import lzma
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.gateway.limits import MIB
from playground.gateway.policy import tarball
from playground.gateway.policy.errors import Refused
from tests.unit.gateway.tars import member, tar

LIMIT = MIB


def test_what_is_written_is_what_was_read() -> None:
    data = tar(
        member("./app/", tarfile.DIRTYPE, mode=0o755), ("app/a.txt", b"hi"), member("app/b", tarfile.SYMTYPE, "/etc/x"),
        member("app/c", tarfile.LNKTYPE, "app/a.txt"),
    )  # fmt: skip
    entries = tarball.read(gzip.compress(data), LIMIT)
    assert [(entry.name, entry.kind, entry.target, entry.data) for entry in entries] == [
        ("app", "directory", "", b""), ("app/a.txt", "file", "", b"hi"), ("app/b", "symlink", "/etc/x", b""),
        ("app/c", "link", "app/a.txt", b""),
    ]  # fmt: skip
    assert tarball.read(tarball.write(entries), LIMIT) == entries


def sparse() -> bytes:
    """A file of 1 TiB that is all hole."""
    info = member("big", tarfile.GNUTYPE_SPARSE)
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[483:495] = b"%011o\0" % (1 << 33)
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block[:500] + block[500:512])
    return bytes(block) + bytes(1024)


PAX = {"size": "99999999999999999999999999"}


def with_pax(headers: dict[str, str]) -> bytes:
    info = member("x")
    info.pax_headers = headers
    return info.tobuf(tarfile.PAX_FORMAT) + bytes(1024)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (tar(("../../etc/passwd", b"x")), 400),
        (tar(("a/../../x", b"x")), 400),
        (tar(("/etc/passwd", b"x")), 400),
        (tar(member("disk", tarfile.BLKTYPE)), 403),
        (tar(member("null", tarfile.CHRTYPE)), 403),
        (tar(member("pipe", tarfile.FIFOTYPE)), 403),
        (tar(member("out", tarfile.LNKTYPE, "/etc/shadow")), 400),
        (tar(member("out", tarfile.LNKTYPE, "../../etc/shadow")), 400),
        (tar(member("out", tarfile.LNKTYPE, "not-in-it")), 400),
        (tar(member("a", tarfile.SYMTYPE, "/etc"), ("a/passwd", b"x")), 400),
        (tar(member("a", tarfile.SYMTYPE, "/etc"), member("b", tarfile.LNKTYPE, "a")), 400),
        (tar(("a", b"1"), ("a", b"2")), 400),
        (tar(("a", b"1"), member("./a", tarfile.SYMTYPE, "/etc")), 400),
        (tar(*[(str(number), b"") for number in range(tarball.MAX_ENTRIES + 1)]), 413),
        (gzip.compress(bytes(10 * MIB)), 413),
        (gzip.compress(gzip.compress(bytes(10 * MIB))), 400),
        (lzma.compress(tar(("a", b"x"))), 400),
        (gzip.compress(lzma.compress(tar(("a", b"x")))), 400),
        (gzip.compress(tar(("a", b"x")))[:-12], 400),
        (sparse(), 403),
        (with_pax(PAX), 413),
        (with_pax({"path": "../x"}), 400),
        (with_pax({"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "x"}), 413),
        (with_pax({"comment": "1" * MIB}), 413),
        (with_pax({"comment": "1 " * MIB}), 413),
        (b"".join(with_pax({"comment": f"{number} " * 500})[:-1024] for number in range(500)), 413),
        (b"".join(member("x" * 200).tobuf(tarfile.GNU_FORMAT)[:1024] for _ in range(2000)), 413),
        (b"", 400),
        (b"not a tar", 400),
        (tar(("a", b"x" * 2000))[:1000], 400),
    ],
)  # fmt: skip
@pytest.mark.attack("an archive that leads out of its folder")
def test_an_archive_that_is_refused(data: bytes, status: int) -> None:
    with pytest.raises(Refused) as refusal:
        tarball.read(data, LIMIT)
    assert refusal.value.status == status


@given(st.binary(max_size=2048), st.integers(0, 2047))
@pytest.mark.attack("an archive that leads out of its folder")
def test_any_bytes_in_an_archive_are_read_or_refused(noise: bytes, at: int) -> None:
    data = bytearray(tar(("a", b"x" * 600), member("b", tarfile.SYMTYPE, "a")))
    data[at : at + len(noise)] = noise
    try:
        entries = tarball.read(bytes(data), LIMIT)
    except Refused:
        return
    with tarfile.open(fileobj=io.BytesIO(tarball.write(entries))) as written:
        assert not any(name.startswith("/") or ".." in name.split("/") for name in written.getnames())


def test_where_the_archive_is_the_root_a_name_may_begin_with_it() -> None:
    found = tarball.read(tar(("/etc/site.conf", b"x"), ("//run.conf", b"y")), LIMIT, rooted=True)
    assert [entry.name for entry in found] == ["etc/site.conf", "run.conf"]
    for name in ("/../x", "/a/../../x"):
        with pytest.raises(Refused):
            tarball.read(tar((name, b"x")), LIMIT, rooted=True)
