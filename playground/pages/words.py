"""What the page's scripts say to people. They get it with the page, in the learner's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """`{name}` parts are filled in by the scripts."""
    return {
        "copied": _("Copied"),
        "ran": _("It has run."),
        "no-output": _("There is no output yet."),
        "output-copied": _("The last command's output is copied."),
        "copy-refused": _("Select it"),
        "step-passed": _("Step passed: {title}"),
        "done": _("{passed} of {total}"),
        "choose": _("Choose an answer first."),
        "right": _("That is right."),
        "answered": _("You have answered this one."),
        "not-connected": _("The connection is gone just now. Please try again in a moment."),
        "connecting": _("Connecting…"),
        "reconnecting": _("Connection lost, trying again…"),
        "starting": _("Getting your seat ready…"),
        "open": _("Connected"),
        "queue-short": _("In the queue: {position}"),
        "queue": _(
            "Every seat on this machine is taken or kept for a class. You are number {position} in the queue; the "
            "terminal opens by itself when it is your turn, and the lesson can be read meanwhile."
        ),
        "queue-class": _(
            "Every seat of your class is taken ({limit}). You are number {position} in the queue; the terminal opens "
            "by itself when it is your turn, and the lesson can be read meanwhile."
        ),
        "queue-minute": _("It should take about a minute."),
        "queue-minutes": _("It should take about {minutes} minutes."),
        "queue-hours": _("It may take up to {hours} hours."),
        "engine-gone-short": _("Engine away"),
        "engine-gone": _(
            "The Docker Engine does not answer just now. Nothing is lost, and your terminal comes back by itself."
        ),
        "ended": _("Seat ended"),
        "ended-why": _("This seat has ended, and its containers and images are gone. Your ticks stay."),
        "ended-idle": _(
            "No terminal was open for a while, so your seat has ended, and its containers and images are gone. "
            "Your ticks stay."
        ),
        "ended-time": _("The time of your seat was up. Its containers and images are gone; your ticks stay."),
        "ended-teacher": _("Your teacher has closed the classroom, and your seat with it. Your ticks stay."),
        "signed-out-short": _("Signed out"),
        "signed-out": _("You are signed out in this browser."),
        "too-many-short": _("Too many terminals"),
        "too-many": _("Your terminal is open in too many windows. Close one of them and try again here."),
        "ends-soon": _("Your seat ends in {minutes} minutes. Its containers and images go with it; your ticks stay."),
        "ends-now": _("Your seat ends within a minute. Its containers and images go with it; your ticks stay."),
        "terminal": _("Terminal"),
        "terminal-number": _("Terminal {number}"),
        "close-terminal": _("Close terminal {number}"),
        "playing": _("Catching up, step {number} of {total}: {title}"),
        "played": _("You are where you were. Go on."),
        "play-stopped": _("Catching up has stopped. What was typed so far stays."),
        "shell-ended": _("The shell has ended with code {code}. Here is a fresh one."),
        "paste-lines": _("Paste {lines} lines? The shell runs each of them at once."),
        "paste-long": _("That is too much text to paste into a terminal."),
        "paste": _("Paste"),
        "paste-not": _("Cancel"),
        "port": _("Open localhost:{port} in a new tab"),
        "budget-mib": _("{used} of {limit} MiB"),
        "budget-percent": _("{used} %"),
        "budget-pieces": _("{used} of {limit}"),
        "budget-pieces-short": "{used}/{limit}",
        "budget-near": _("nearly full"),
        "budget-full": _("full"),
        "budget-busy": _("busy"),
        "budget-warning": _("{name}: {value}, {level}."),
        "files-home": _("Your home folder"),
        "files-loading": _("Reading…"),
        "files-empty": _("Nothing is here yet. Make a file, or upload one."),
        "files-more": _("There are more than these {number}. Use the terminal to see all of them."),
        "files-offline": _("The playground does not answer just now."),
        "files-bytes": _("{size} B"),
        "files-kib": _("{size} KiB"),
        "files-kind-link": _("link"),
        "files-kind-other": _("not a file"),
        "files-new-file": _("Name of the new file"),
        "files-new-folder": _("Name of the new folder"),
        "files-uploading": _("Uploading {name}…"),
        "files-too-large": _("{name} is larger than 4 MiB."),
        "files-editor": _("Text of {name}"),
        "files-saving": _("Saving…"),
        "files-saved": _("Saved"),
        "files-kept": _("Your text is kept in this tab."),
        "files-draft": _("This is your unsaved text from before."),
        "files-no-text": _("This file is not text, or it is too long for the editor."),
        "visit-looks": _("{name} sees your terminal."),
        "visit-asks": _("{name} sees your terminal and asks to type in it."),
        "visit-types": _("{name} sees your terminal and may type in it."),
        "failed": _("That did not work. Please try again."),
    }


@dataclass(frozen=True, slots=True)
class BudgetWords:
    key: str
    name: str
    says: str  # what it means and what to do, ending in:
    command: str
    always: bool = False  # shown in the strip also while there is plenty
    on_map: bool = False


def budget() -> list[BudgetWords]:
    """The meters of `budget.meters`, in the order of the page."""
    return [
        BudgetWords(
            "memory",
            _("Memory"),
            _("When it is full, the program that asks for more is killed. See what takes it:"),
            "docker stats",
            always=True,
            on_map=True,
        ),
        BudgetWords(
            "cpu",
            _("CPU"),
            _("While all of it is in use, everything takes longer. See what is busy:"),
            "docker stats",
            always=True,
            on_map=True,
        ),
        BudgetWords(
            "disk",
            _("Disk"),
            _("What the images take that you have made. Remove those without a name:"),
            "docker image prune",
            always=True,
            on_map=True,
        ),
        BudgetWords(
            "containers",
            _("Containers"),
            _("Stopped ones count, too. Remove those:"),
            "docker container prune",
            always=True,
        ),
        BudgetWords("images", _("Images"), _("Remove one that you do not need:"), "docker rmi NAME"),
        BudgetWords("networks", _("Networks"), _("Remove those that no container is on:"), "docker network prune"),
        BudgetWords("volumes", _("Volumes"), _("Remove those that no container has:"), "docker volume prune"),
        BudgetWords(
            "processes",
            _("Processes"),
            _("When all are in use, nothing new starts. See what runs:"),
            "docker ps",
            on_map=True,
        ),
    ]
