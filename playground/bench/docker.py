"""The docker CLI as a process, timed."""

import asyncio
import os

from playground.bench.tabs import now


async def docker(socket: str, *arguments: str) -> float:
    """Milliseconds from its start to its end."""
    began = now()
    process = await asyncio.create_subprocess_exec(
        "docker",
        *arguments,
        env={"PATH": os.environ["PATH"], "DOCKER_HOST": f"unix://{socket}", "DOCKER_BUILDKIT": "0"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"docker {' '.join(arguments)}: {errors.decode()}")
    return now() - began
