"""What went wrong, in a few words that are equal for everybody: what a class trips over is counted by them. Pure.

They are Docker's own words, as learners read them in the terminal, without names, ids, numbers or anything else that
somebody typed.
"""

import re

from playground.gateway.facts import Fact

LONGEST = 120
_LOOKED_AT = 2000  # characters of a message
_GONE = 500  # from this status on it is not the learner who went wrong
_ON_THE_WAY = "resize"  # the terminal asks for it, nobody types it

# The first one that is found in the message.
PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), phrase)
    for pattern, phrase in (
        (r"^the command '.*' returned a non-zero code", "build: a command failed"),  # which may hold any words
        # Names and what is not there
        (r"container name .* is already in use|error when allocating new name: conflict", "name is already in use"),
        (r"renaming a container with the same name", "renamed to the name that it has"),
        (r"network with name .* already exists", "network already exists"),
        (r"endpoint with name .* already exists in network", "already connected to the network"),
        (r"invalid container name|volume name .*(too short|invalid)|includes invalid characters", "invalid name"),
        (r"no such container: path|could not find the file", "no such file in the container"),
        (r"cannot join network of a non running container|is not running", "container is not running"),
        (r"no such container", "no such container"),
        (r"no such image", "no such image"),
        (r"no such exec instance", "no such exec"),
        (r"no such volume", "no such volume"),
        (r"no such service", "no such service"),
        (r"is not connected to (the )?network", "not connected to the network"),
        (r"^network .* not found|network .* is ambiguous", "no such network"),
        (r"multiple ids found with provided prefix", "id is not unique"),
        # Pulling
        (r"pull access denied|repository does not exist", "pull access denied: no such image in the catalogue"),
        (r"manifest for .* not found|manifest unknown", "no such tag"),
        (r"no matching manifest for|does not match the specified platform", "no image for this platform"),
        (r"invalid reference format", "invalid reference format"),
        # Starting
        (r"executable file not found", "executable file not found"),
        (r"exec: .*: permission denied", "permission denied: not executable"),
        (r"exec: .*: is a directory", "is a directory, not a program"),
        (r"exec: .*no such file or directory", "no such file or directory"),
        (r"no (exec )?command specified", "no command specified"),
        (r"unable to find (user|group)", "no such user in the image"),
        (r"working directory .* (cannot be used|is invalid)", "invalid working directory"),
        (r"port is already allocated|address already in use", "port is already allocated"),
        (r"all ports are allocated", "all ports are allocated"),
        (r"cannot assign requested address|invalid ip address", "invalid address for a port"),
        (r"invalid (port specification|containerport|range specified for the port)", "invalid port"),
        (r"publishes tcp ports only", "only tcp ports can be published"),
        # Removing
        (r"(must be forced|must force).*(referenced in multiple|several)", "image has several names"),
        (
            r"unable to (delete|remove).*(using|used by|container first|a container needs)",
            "image is used by a container",
        ),
        (r"unable to delete.*dependent child", "image has child images"),
        (r"unable to delete.*multiple repositories", "image has several names"),
        (r"volume is in use", "volume is in use"),
        (r"pre-defined network|predefined .* network", "a predefined network stays as it is"),
        (r"has active endpoints|network .* in use", "network is in use"),
        # Running, stopped, paused
        (r"removal of container .* is already in progress|marked for removal", "container is being removed"),
        (r"cannot remove (a |container ).*running|you cannot remove a running", "container is running"),
        (r"cannot remove (a |container ).*paused|you cannot remove a paused", "container is paused"),
        (r"is not paused", "container is not paused"),
        (r"already paused", "container is already paused"),
        (r"is restarting|already restarting", "container is restarting"),
        (r"stopped (state|container)", "container is not running"),
        (r"is paused|paused (state|container)", "container is paused"),
        (r"invalid signal", "invalid signal"),
        # Building
        (r"unknown instruction", "Dockerfile: unknown instruction"),
        (r"file not found in build context|COPY failed|no source files were specified", "COPY: file not found"),
        (r"cannot locate specified dockerfile", "no Dockerfile there"),
        (r"dockerfile .*cannot be empty|no FROM in|no build stage", "Dockerfile without FROM"),
        (r"dockerfile parse error", "Dockerfile: parse error"),
        (r"outside the build context", "path outside of the build context"),
        (r"failed to reach build target", "no such build stage"),
        # Options
        (r"duplicate mount point", "duplicate mount point"),
        (r"host's files|machine's files", "files of the machine cannot be mounted"),
        (r"invalid (volume specification|mount config)", "invalid volume or mount"),
        (r"conflicting options", "conflicting options"),
        (r"minimum memory limit", "memory limit is too small"),
        (r"invalid (restart policy|duration|condition|filter)|filter is not supported", "invalid value of an option"),
        # What a seat has
        (r"as many as fit here|and this would be more|take all the room", "the budget is used up"),
        (r"more than .* MiB, which is as much as fits", "the budget is used up"),
        (r"open at once|running: end one first|you have a docker build running", "too much at once"),
        (r"at most .* a second for each learner", "too many commands a second"),
    )
)
# Ours alone, and never words of the one who asked: those end in "it is not known here".
_OPTION = re.compile(r"^(--[a-z][a-z-]{1,24}),? .*not available (?!.*not known here).*(?:this playground|here)")
_ELSEWHERE = re.compile(r"not available .*(?:in this playground|here|on this machine)")
# `docker inspect NAME` looks for a container first, and for these at last.
_LOOKED_FOR_LAST = ("no such network", "no such volume")
_NOTHING = "no such object"
_ACTION = re.compile(r"[a-z][a-z ]{1,30}")


def phrase_of(fact: Fact) -> str:
    """What the learner was refused; "" for what was not refused, or is no doing of theirs."""
    on_the_way = fact.part_of_run or fact.part_of_compose or fact.action == _ON_THE_WAY
    if fact.ok or fact.status >= _GONE or fact.source != "call" or on_the_way or not fact.error:
        return ""
    return phrase(fact.error, fact.action)


def phrase(message: str, action: str) -> str:
    """Of an error's message to a `docker <action>`. Of a message that is not known, the action is all that is said: any
    of its words could be somebody's."""
    line = " ".join(message[:_LOOKED_AT].split())
    if option := _OPTION.match(line):
        return f"{option[1]} is not available"
    for pattern, words in PHRASES:
        if pattern.search(line):
            return _NOTHING if action == "inspect" and words in _LOOKED_FOR_LAST else words
    doing = f"docker {action}" if _ACTION.fullmatch(action) else "a docker command"
    return f"{doing} is not available" if _ELSEWHERE.search(line) else f"{doing} was refused"


def cut(text: str) -> str:
    """An author's sentence, in one line and short enough for a row."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
