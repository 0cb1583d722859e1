"""Join codes: short enough to shout across a room, too many to be guessed at the rate at which an address may try."""

import secrets

LENGTH = 6
# Without vowels, so that no words come out, and without what looks or sounds like something else.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def tidy(typed: str) -> str:
    """As codes are kept: what somebody typed, in any case, with or without blanks and hyphens. "" for what is none."""
    code = "".join(character for character in typed.upper() if character not in " -\t")
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""


def spaced(code: str) -> str:
    """As it is shown: `BCD-FGH`."""
    return f"{code[:3]}-{code[3:]}"
