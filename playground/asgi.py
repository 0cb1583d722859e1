"""The pages as an ASGI application, for any ASGI server. `manage.py serve` adds the sockets: see sockets.py."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

application = get_asgi_application()
