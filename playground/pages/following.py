"""Live preview for authors: when a lesson's file is saved, the pages that show it are told to fetch it anew."""

import asyncio

from playground import bells
from playground.curriculum.course import Course

GROUP = "lessons"
LOOK_SECONDS = 0.5


async def follow(course: Course) -> None:
    """For ever. `course` was loaded with `refresh`; a save that breaks a lesson counts as well."""
    known = course.saved()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        saved = await asyncio.to_thread(course.saved)
        for lesson in {slug for slug, _ in saved.items() ^ known.items()}:
            await bells.ring(GROUP, {"type": "lesson.saved", "lesson": lesson})
        known = saved
