"""Look before listening: the server itself only logs that it cannot, and after an engine has been started."""

import socket


class PortTaken(OSError):
    """Something else listens there, or this user may not."""


def check_port(host: str, port: int) -> None:
    """Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise PortTaken(f"Cannot listen on {host}:{port}: {error}. Choose another with --port.") from error
