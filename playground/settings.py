"""Django settings of the playground. Every setting that an operator may change is read from the environment here;
docs/reference/settings.md lists them, and a test keeps that list complete."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from playground import environ
from playground.gateway.limits import MIB, Limits

BASE_DIR = Path(__file__).resolve().parent.parent

# ── Where things are ─────────────────────────────────────────────────────────────────────────────────────────────
DATA_DIR = Path(environ.text("PLAYGROUND_DATA_DIR", str(BASE_DIR / "var")))  # database, secret key
STATE_DIR = Path(environ.text("PLAYGROUND_STATE_DIR", "/var/lib/playground"))  # the playground's own engine
RUN_DIR = Path(  # sockets
    environ.text(
        "PLAYGROUND_RUN_DIR",
        "/run/playground" if os.geteuid() == 0 else f"/tmp/playground-{os.geteuid()}",
    )
)
LESSONS_DIR = Path(environ.text("PLAYGROUND_LESSONS_DIR", str(BASE_DIR / "lessons")))
# Pages that are open follow a lesson's file while its author writes.
LESSONS_WATCH = environ.boolean("PLAYGROUND_LESSONS_WATCH", environ.boolean("PLAYGROUND_DEBUG", False))
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key from the environment, or one made at the first start and kept beside the database."""
    if given := environ.text("PLAYGROUND_SECRET_KEY"):
        return given
    path = DATA_DIR / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = environ.boolean("PLAYGROUND_DEBUG", False)
ALLOWED_HOSTS = environ.words("PLAYGROUND_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environ.words("PLAYGROUND_TRUSTED_ORIGINS", "")

HOST = environ.text("PLAYGROUND_HOST", "127.0.0.1")
PORT = environ.integer("PLAYGROUND_PORT", 8000)

# ── The engine ───────────────────────────────────────────────────────────────────────────────────────────────────
ENGINE_SOCKET = environ.text("DOCKER_HOST", "")  # "" looks for one: the default socket, then the playground's own
ENGINE_DISK = environ.integer("PLAYGROUND_ENGINE_DISK_GIB", 20) * 1024 * MIB  # of the playground's own engine
IMAGES_MODE = environ.choice("PLAYGROUND_IMAGES", "auto", ("auto", "online", "offline"))
INSTANCE = environ.text("PLAYGROUND_INSTANCE", "default")  # several playgrounds may share one engine

# ── Seats and their budget (see docs/reference/settings.md) ───────────────────────────────────────────────────────
LIMITS = Limits(
    memory=environ.integer("PLAYGROUND_SEAT_MEMORY_MIB", 256) * MIB,
    cpus=environ.decimal("PLAYGROUND_SEAT_CPUS", 1.0),
    processes=environ.integer("PLAYGROUND_SEAT_PROCESSES", 256),
    containers=environ.integer("PLAYGROUND_SEAT_CONTAINERS", 12),
    images=environ.integer("PLAYGROUND_SEAT_IMAGES", 20),
    image_layers=environ.integer("PLAYGROUND_SEAT_IMAGE_LAYERS", 128),
    image_disk=environ.integer("PLAYGROUND_SEAT_IMAGE_DISK_MIB", 512) * MIB,
    networks=environ.integer("PLAYGROUND_SEAT_NETWORKS", 4),
    volumes=environ.integer("PLAYGROUND_SEAT_VOLUMES", 4),
    burst=environ.integer("PLAYGROUND_SEAT_BURST", 20),
    makes_per_second=environ.decimal("PLAYGROUND_SEAT_MAKES_PER_SECOND", 2.0),
    starts_per_second=environ.decimal("PLAYGROUND_SEAT_STARTS_PER_SECOND", 2.0),
    execs_per_second=environ.decimal("PLAYGROUND_SEAT_EXECS_PER_SECOND", 5.0),
    request_memory=environ.integer("PLAYGROUND_REQUEST_MEMORY_MIB", 256) * MIB,
    copy_files=environ.integer("PLAYGROUND_COPY_FILES_MIB", 2048) * MIB,
    ports=environ.integer("PLAYGROUND_SEAT_PORTS", 16),
    container_memory=environ.integer("PLAYGROUND_CONTAINER_MEMORY_MIB", 64) * MIB,
    container_cpus=environ.decimal("PLAYGROUND_CONTAINER_CPUS", 0.5),
    container_processes=environ.integer("PLAYGROUND_CONTAINER_PROCESSES", 64),
    container_disk=environ.integer("PLAYGROUND_CONTAINER_DISK_MIB", 64) * MIB,
    volume_disk=environ.integer("PLAYGROUND_VOLUME_DISK_MIB", 64) * MIB,
)
SEATS_MAX = environ.integer("PLAYGROUND_SEATS_MAX", 0)  # 0: as many as fit the machine's memory
SEATS_WARM = environ.integer("PLAYGROUND_SEATS_WARM", 2)  # started ahead and waiting in the pool
SEAT_IDLE_MINUTES = environ.integer("PLAYGROUND_SEAT_IDLE_MINUTES", 30)  # without a terminal open
SEAT_MAX_MINUTES = environ.integer("PLAYGROUND_SEAT_MAX_MINUTES", 240)  # a learner can extend it
SEAT_EXTEND_MINUTES = environ.integer("PLAYGROUND_SEAT_EXTEND_MINUTES", 60)
SEAT_WARN_MINUTES = environ.integer("PLAYGROUND_SEAT_WARN_MINUTES", 5)  # the learner is told this long before

# ── Learners ─────────────────────────────────────────────────────────────────────────────────────────────────────
JOINS_PER_HOUR = environ.integer("PLAYGROUND_JOINS_PER_HOUR", 120)  # new names from one address; a class shares one
GUEST_DAYS = environ.integer("PLAYGROUND_GUEST_DAYS", 180)  # unseen for so long, a guest is deleted; 0: never

# ── Mail: without it, no password can be reset by mail ───────────────────────────────────────────────────────────
MAIL_IS_CONFIGURED = bool(environ.text("EMAIL_URL"))
if MAIL_IS_CONFIGURED:
    vars().update(environ.mail("EMAIL_URL"), EMAIL_TIMEOUT=10)

# ── Django ───────────────────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "channels",
    "csp",
    "playground",
    "playground.classroom",
    "playground.checks",
    "playground.curriculum",
    "playground.seats",
    "playground.pages",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "playground.sessions.renewing",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "playground.urls"
ASGI_APPLICATION = "playground.asgi.application"
AUTH_USER_MODEL = "classroom.Learner"
LOGIN_URL = "join"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds that a link in a mail works
# Wrong passwords: after ten, an account is shut to that address for a while; others still get in.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "playground.classroom.tries.address"
AXES_USERNAME_CALLABLE = "playground.classroom.tries.username"
AXES_LOCKOUT_CALLABLE = "playground.pages.views.account.locked_out"
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"  # nothing about who tried is kept
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W001"]  # a cache of this process is enough: one process serves everybody
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# Connections stay open, as there are few threads that have any: asgi.py, clerk.py.
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}", conn_max_age=None, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DOORBELLS: dict[str, object] = {"group_expiry": 7 * 24 * 3600}  # a projector's page is not loaded anew each day
if REDIS_URL := environ.text("REDIS_URL"):
    # Who waits for a ring asks Redis for five seconds at a time: a limit of five, redis-py's own, closes quiet pages.
    redis = {"address": REDIS_URL, "socket_timeout": 15, "socket_connect_timeout": 2}
    DOORBELLS |= {"hosts": [redis], "capacity": 10_000}  # of all pages of a process together
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": DOORBELLS}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": DOORBELLS}}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # counted tries: with few entries, a script could push its own out
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
FRONT_END_PACKAGES = (
    "@codemirror",
    "@fontsource-variable",
    "@lezer",
    "@marijn",
    "@xterm",
    "crelt",
    "style-mod",
    "w3c-keyname",
)
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *((f"vendor/{package}", BASE_DIR / "node_modules" / package) for package in FRONT_END_PACKAGES),
]
# Outside debug pages get the copies that assets.py makes at the start: compressed, and the same while the server runs.
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# ── Security ─────────────────────────────────────────────────────────────────────────────────────────────────────
SESSION_ENGINE = "playground.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 180 * 24 * 3600  # from when it was last used; written once a day
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if environ.boolean("PLAYGROUND_HTTPS", False):  # behind a proxy that ends TLS
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "style-src-attr": ["'unsafe-inline'"],  # xterm.js positions its cells through the style attribute
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environ.text("PLAYGROUND_LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
        # Whoever asks for an unknown host gets a 400; the traceback would be noise that anybody can make.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
