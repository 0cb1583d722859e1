"""Pull an image, with a time limit that really ends it: the engine stops a pull when its client hangs up."""

import asyncio
import json

from playground.engine.client import EngineClient
from playground.engine.errors import EngineError


async def pull(client: EngineClient, reference: str, timeout: float) -> None:
    """Raises EngineError when the registry refuses or does not answer, TimeoutError when the time is up."""
    repository, tag = reference.rsplit(":", 1)
    query = {"fromImage": repository, "tag": tag}
    async with asyncio.timeout(timeout), await client.request("POST", "/images/create", query=query) as reply:
        await reply.raise_for_status()
        buffer = b""
        async for chunk in reply.chunks():
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                if line.strip() and (error := json.loads(line).get("error")):
                    raise EngineError(str(error))
