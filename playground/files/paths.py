"""Which paths a page may name, and how much may go one way or the other. Pure.

A path is lexical here: where a symbolic link in it leads is for the kernel to say, in the seat, where all that it can
lead to is the learner's own.
"""

from playground.files.refusals import Refused, Why

HOME = "/root"  # the seat image's
LARGEST = 4 * 1024 * 1024  # bytes of a file that goes up or down
LONGEST_PATH = 1024  # bytes
LONGEST_NAME = 255  # bytes, the kernel's own bound


def inside(path: str, home: str = HOME) -> str:
    """The absolute path of `path`, which is relative to the learner's home; "" is the home itself.

    It begins with a slash, so that no program takes it for an option."""
    if not path:
        return home
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        raise Refused(Why.PATH) from None
    if size > LONGEST_PATH or "\0" in path or not all(_is_name(part) for part in path.split("/")):
        raise Refused(Why.PATH)
    return f"{home}/{path}"


def file_inside(path: str, home: str = HOME) -> str:
    """As inside(), for what the home itself cannot be."""
    if not path:
        raise Refused(Why.PATH)
    return inside(path, home)


def _is_name(part: str) -> bool:
    return part not in ("", ".", "..") and len(part.encode()) <= LONGEST_NAME
