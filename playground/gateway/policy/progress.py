"""What `docker pull` shows while it pulls. The layers are on the machine already, so it is shown at once; a layer's
short id is that of its content."""

from collections.abc import Mapping
from typing import Any

from playground.gateway.policy.layers import digest
from playground.gateway.policy.names import HUB, Reference


def pull_lines(reference: Reference, inspected: Mapping[str, Any], is_new: bool) -> list[dict[str, Any]]:
    layers = [layer.removeprefix("sha256:")[:12] for layer in (inspected.get("RootFS") or {}).get("Layers") or ()]
    name = reference.familiar
    outcome = "Downloaded newer image" if is_new else "Image is up to date"
    return [
        {"status": f"Pulling from {_path(reference)}", "id": reference.tag},
        *(_layers(layers, int(inspected.get("Size") or 0)) if is_new else []),
        {"status": f"Digest: {digest(inspected['Id'])}"},
        {"status": f"Status: {outcome} for {name}"},
    ]


def _path(reference: Reference) -> str:
    return f"library/{reference.path}" if reference.domain == HUB and "/" not in reference.path else reference.path


def _layers(layers: list[str], size: int) -> list[dict[str, Any]]:
    lines = [_step("Pulling fs layer", layer) for layer in layers]
    share = size // max(len(layers), 1)
    for layer in layers:
        lines += [_bar("Downloading", layer, share), _step("Download complete", layer)]
    for layer in layers:
        lines += [_bar("Extracting", layer, share), _step("Pull complete", layer)]
    return lines


def _step(status: str, layer: str) -> dict[str, Any]:
    return {"status": status, "progressDetail": {}, "id": layer}


def _bar(status: str, layer: str, size: int) -> dict[str, Any]:
    text = f"[{'=' * 50}>]  {size}B/{size}B"
    return {"status": status, "progressDetail": {"current": size, "total": size}, "progress": text, "id": layer}
