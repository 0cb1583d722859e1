"""`manage.py serve` from the outside: what it says when it cannot start, and how it ends."""

import os
import socket
import subprocess
import sys

from playground.engine.images import CatalogueImage
from tests.live import ROOT, LiveServer, free_port


def test_a_taken_port_is_said_at_once_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_that_no_engine_takes_ends_the_server_with_an_error(
    engine_socket: str, catalogue_images: list[CatalogueImage]
) -> None:
    server = LiveServer(engine_socket, "Not A Name")
    environment = {**os.environ, **server.environment}
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(free_port())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "instance" in done.stderr
    server.close()


def test_asked_to_stop_it_ends_by_itself(
    engine_socket: str, catalogue_images: list[CatalogueImage], instance: str
) -> None:
    server = LiveServer(engine_socket, f"{instance}-serving")
    server.start()
    assert server.stop() == 0
    server.start()  # adopts what SIGTERM has left
    server.close()


OLD_GUEST = """
INSERT INTO classroom_learner (password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                               date_joined, display_name)
VALUES ('!', 0, 'guest-old', '', '', '', 0, 1, '2000-01-01 00:00:00', 'Ada')
"""


def test_a_server_forgets_old_guests_by_itself(
    engine_socket: str, catalogue_images: list[CatalogueImage], instance: str
) -> None:
    server = LiveServer(engine_socket, f"{instance}-forgets", PLAYGROUND_SEATS_WARM="0")
    server.edit(OLD_GUEST)
    server.start(ready=False)
    server.wait_for(lambda: server.count("classroom_learner", "true") == 0)
    server.close()
