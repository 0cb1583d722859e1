#!/usr/bin/env python3
"""Django's command line for the playground."""

import os
import signal
import sys


def main() -> None:
    # `&` in a script, and many a harness, start programs with SIGINT ignored. Ours end well when they are asked to.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
