"""What the course as a whole teaches, row by row. Lessons name rows in `teaches`; `lessons coverage` adds them up."""

from collections.abc import Mapping, Sequence

from playground.curriculum.model import Lesson

ROWS: Mapping[int, str] = {
    1: "A program runs without being installed first",
    2: "Docker is several tools around containers: name them",
    3: "Client, engine, registry, images and Compose; Machine belongs to the past",
    4: "A pull brings an image to this machine",
    5: "One image, several containers",
    6: "An image is a stack of files that can be unpacked and read",
    7: "The client asks, the engine does; they talk over a socket",
    8: "The first run fetches, the second finds it here",
    9: "A container sees its own processes only",
    10: "An image is files and the command to start",
    11: "Name spaces hide, control groups limit; both are Linux",
    12: "The engine runs on Linux, in a virtual machine where the desktop is not",
    13: "A command after the image's name takes the place of its own",
    14: "Run is create and start",
    15: "Create lays out the files, start runs the command",
    16: "Only programs that the image has can be run; 127 when it has not",
    17: "Listing what runs, and listing everything",
    18: "Prune removes what has ended, and spares what runs",
    19: "Create prints an id, start takes one and may attach",
    20: "Logs keep what was printed, and start nothing",
    21: "Stop asks and waits, kill does not ask",
    22: "Which word is the image, and which the command",
    23: "Images stay as they are: what a container writes is its own",
    24: "The states that a container goes through",
    25: "The manifest in an image's archive",
    26: "What an image tells about itself, word by word",
    27: "Instructions become layers, some of them empty",
    28: "Layers are shared between images",
    29: "An image from nothing but one program",
    30: "Commit makes an image of a container's changes",
    31: "Build follows a Dockerfile, and remembers its steps",
    32: "Working inside a container, with -i and -t",
    33: "Leaving a container running, and coming back",
    34: "In the background, and attaching to it",
    35: "What a container has written, in bytes",
    36: "Following a log while the program goes on",
    37: "How long a stop waits",
    38: "Where to learn more",
}


def coverage(lessons: Sequence[Lesson]) -> dict[int, list[str]]:
    """Every row, with the steps that teach it: `lesson/step`."""
    return {
        row: [f"{lesson.slug}/{step.id}" for lesson in lessons for step in lesson.steps if row in step.teaches]
        for row in ROWS
    }
