"""The engine's error texts as a learner may read them: known ones in the learner's own names, the rest in one sentence.

An unknown text could hold a path of the host, another seat's name or id.
"""

import re

_ID = r"[0-9a-f]{12,64}"
_NAME = r"/?[a-zA-Z0-9][a-zA-Z0-9_.-]*"
_KNOWN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"Container {_NAME} is (not running|restarting, wait until the container is running|paused, unpause the "
        r"container before exec)",
        rf"Container {_NAME} is (already paused|not paused|not running|already restarting)",
        rf"Container {_NAME} is paused\. Unpause the container before stopping or killing",
        rf"[Cc]annot (kill|restart|stop|pause|unpause) container: {_NAME}: Container {_NAME} is (not running|paused)",
        r"[Cc]annot (kill|restart|stop|pause|unpause|start) (a )?(container|paused container)[^/\"]{0,80}",
        rf"cannot kill container: {_NAME}: container {_ID} is not running",
        rf"container {_ID} is (not running|(not |already )?paused|restarting)(, unpause the container [a-z ]+)?",
        rf"cannot remove container \"{_NAME}\": container is (running|paused|restarting)[ a-z,:]{{0,80}}",
        rf"You cannot remove a (running|paused|restarting) container {_NAME}\. (Stop the container before attempting "
        r"removal or force remove|Unpause and then stop the container before attempting removal or force remove)",
        rf"cannot remove container \"{_NAME}\": container is (running|paused): (stop|unpause)[^/\"]{{0,80}}",
        rf"removal of container {_NAME} is already in progress",
        r"can(not|'t) (exec in|attach to) a (stopped|paused) (state|container)[^/\"]{0,80}",
        r"You cannot attach to a (stopped|paused) container, (start|unpause) it first",
        r"unable to find (user|group) [a-zA-Z0-9_.-]{1,64}: no matching entries in (passwd|group) file",
        r"Container is (not running|marked for removal and cannot be (re)?started)",
        r"cannot resize a stopped container(: unknown)?",
        r"no command specified",
        rf"container {_ID} is not connected to (the )?network {_NAME}",
        rf"endpoint with name {_NAME} already exists in network {_NAME}",
        rf"network {_NAME} not found",
        rf"remove {_NAME}: volume is in use - \[{_ID}(, {_ID})*\]",
        rf"get {_NAME}: no such volume",
        r"conflicting options: [a-zA-Z /-]{1,60}",
        rf"cannot join network of a non running container: {_NAME}",
        rf"No such (container|image|exec instance): (sha256:)?{_NAME}",
        r"No command specified",
        r"cannot start a paused container, try unpause instead",
        r"container is marked for removal and cannot be started",
    )
)
_STARTING = (
    r"(?:failed to create task for container: )?(?:failed to create shim task: )?"
    r"OCI runtime (?:create|exec) failed: (?:runc create failed: |exec failed: )?"
    r"unable to start container process: (?:error during container init: )?"
)
_PROGRAM = re.compile(
    rf'(?P<doing>{_STARTING})?exec: "(?P<program>[^"\\]{{1,200}})": '
    r"(?P<why>executable file not found in \$PATH|permission denied|is a directory|"
    r"(?:stat [^:\"]{1,200}: )?no such file or directory)"
)
_AS_ASKED = re.compile(rf"^([Cc]annot kill container: |Container (?={_ID} is paused, unpause)){_ID}")
_WORKDIR = re.compile(r'(chdir to cwd|mkdir) \("?(?P<path>/[^"\n]{0,200}?)"?\)|mkdir (?P<other>/[^:"\n]{0,200}):')
UNKNOWN = "The playground's engine could not do this."


def learners_text(message: str, seat_prefix: str, asked: str = "") -> str:
    """`seat_prefix` is what stands in front of the seat's names on the engine; `asked` the container as the learner
    named it, where the engine names it as the gateway did."""
    text = message.strip().replace(seat_prefix, "")
    if asked:
        text = _AS_ASKED.sub(lambda match: f"{match[1]}{asked}", text)
    if any(pattern.fullmatch(text) for pattern in _KNOWN):
        return text
    if found := _PROGRAM.search(text):
        # the CLI's exit codes 126 and 127 hang on these words
        doing = found["doing"] or "failed to start the container's process: "
        return f'{doing}exec: "{found["program"]}": {found["why"]}: unknown'
    if found := _WORKDIR.search(text):
        return f"the working directory {found['path'] or found['other']} cannot be used"
    return UNKNOWN
