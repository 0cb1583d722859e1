"""The address of a published port in the browser: whoever has it may look, as long as the seat is the same learner's.

It cannot hang on the session, as a page shown behind it is nobody's (see application.py) and gets no cookie of ours
when it fetches its own pictures.
"""

import re
from dataclasses import dataclass

from django.core import signing

PREFIX = "/preview/"
HOURS = 12  # a page that is open gets fresh ones whenever something changes
_signer = signing.TimestampSigner(sep="~", salt="playground.preview")
_PLACE = re.compile(r"([0-9]{1,18})-([0-9a-z]{1,32})-([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Place:
    learner_id: int
    seat: str
    port: int


def link(place: Place) -> str:
    return f"{PREFIX}{_signer.sign(f'{place.learner_id}-{place.seat}-{place.port}')}/"


def place_of(token: str) -> Place | None:
    """None for what was not signed here, or too long ago."""
    try:
        signed = _signer.unsign(token, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    found = _PLACE.fullmatch(signed)
    return Place(int(found[1]), found[2], int(found[3])) if found else None
