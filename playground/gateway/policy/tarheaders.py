"""A look at an archive's headers before Python's reader sees them: it takes quadratic time over long extended headers
(CVE-2024-6232), and one such archive would hold the server for an hour."""

import re
import tarfile

from playground.gateway.policy.errors import Refused, bad

MAX_EXTENDED = 4096  # bytes of one extended header
MAX_ALL_EXTENDED = 256 * 1024
_BLOCK = 512
_REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE)
_EMPTY = (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE)
_EXTENDED = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_SUSPICIOUS = re.compile(rb"[0-9]{65}| size=|GNU\.sparse")  # the latter two would move where the next header lies


def check_headers(plain: bytes) -> None:
    """Every header is of a known kind, and where the reader will look for it."""
    at, extended = 0, 0
    while len(block := plain[at : at + _BLOCK]) == _BLOCK and block.strip(b"\0"):
        kind, size = block[156:157], _size(block)
        if kind in _EXTENDED:
            extended += size
            content = plain[at + _BLOCK : at + _BLOCK + size]
            if size > MAX_EXTENDED or extended > MAX_ALL_EXTENDED or _SUSPICIOUS.search(content):
                raise Refused(413, "the archive's names are too long to be read")
        elif kind not in _REGULAR and kind not in _EMPTY:
            raise Refused(403, "only files, folders and links may be copied in this playground")
        elif size and (kind in _EMPTY or block[:100].rstrip(b"\0").endswith(b"/")):
            raise bad("the archive is not a readable tar")
        at += _BLOCK - (-size // _BLOCK) * _BLOCK


def _size(block: bytes) -> int:
    try:
        size = tarfile.nti(block[124:136])  # type: ignore[attr-defined]
    except tarfile.HeaderError:
        raise bad("the archive is not a readable tar") from None
    if size < 0:
        raise bad("the archive is not a readable tar")
    return int(size)
