"""The limits the gateway forces on one seat and on each of its containers. Sizes are bytes, times seconds."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    # The budget: all of a seat's containers together, its own terminal included.
    memory: int = 256 * MIB
    cpus: float = 1.0
    processes: int = 256
    containers: int = 12
    images: int = 20
    networks: int = 4
    volumes: int = 4
    ports: int = 16  # published
    image_layers: int = 128  # of the images that a seat has made, all together
    image_disk: int = 512 * MIB
    # How fast: so many at once, and then so many a second.
    burst: int = 20
    makes_per_second: float = 2.0  # containers, images of them, networks, volumes
    starts_per_second: float = 2.0
    execs_per_second: float = 5.0
    # Each container.
    container_memory: int = 64 * MIB
    container_cpus: float = 0.5
    container_processes: int = 64
    container_disk: int = 64 * MIB
    volume_disk: int = 64 * MIB
    log_size: int = MIB
    stop_timeout: int = 10
    # Published ports.
    port_connections: int = 64
    port_rate: int = 16 * MIB  # bytes a second, all of a seat's connections together
    port_idle: float = 300.0
    # The socket.
    connections: int = 32
    connection_wait: float = 2.0  # for a place among them: compose opens as many as it has containers to make
    upgrades: int = 16  # docker compose up attaches to each container
    long_streams: int = 16
    execs: int = 8
    transfers: int = 2  # docker cp, export, build and save
    upload: int = 16 * MIB
    build_time: float = 120.0
    copy_time: float = 60.0
    download: int = 256 * MIB
    # All seats' together.
    request_memory: int = 256 * MIB
    copy_files: int = 2048 * MIB
    # The requests.
    header_bytes: int = 16 * 1024
    header_count: int = 64
    header_timeout: float = 10.0
    body_timeout: float = 30.0
    upload_time: float = 120.0  # for a body as a whole
    write_timeout: float = 30.0
    create_body: int = 1024 * 1024
    small_body: int = 64 * 1024
