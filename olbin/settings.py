"""The one place that reads the environment. Safe by default: without DEBUG nothing is guessed."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from olbin import environment
from olbin.sqlite import OPTIONS as SQLITE_OPTIONS
from olbin.sqlite import require_sqlite

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def text(variable, default=""):
    """What a variable says; empty is not set."""
    return env.str(variable, default="").strip() or default


DEBUG = environment.switch("DEBUG", text("DEBUG", "no"))
# A relative folder is one of the project, wherever a process was started.
DATA_DIR = BASE_DIR / Path(text("DATA_DIR", "var")).expanduser()


def required(variable, example):
    value = text(variable)
    if not value and not DEBUG:
        raise ImproperlyConfigured(
            f"{variable} is not set. Set it, for example {variable}={example}, or set DEBUG=1 to develop."
        )
    return value


SECRET_KEY = required("SECRET_KEY", "'50 or more random characters'") or "only-for-development" * 3
ALLOWED_HOSTS = environment.hosts(
    required("ALLOWED_HOSTS", "publications.example.org") or "localhost,127.0.0.1,[::1]"
)
SITE_URL = environment.site_url(text("SITE_URL", "http://127.0.0.1:8000" if DEBUG else ""), ALLOWED_HOSTS)

INSTALLED_APPS = [
    "harvest.desk.site.DeskConfig",  # django.contrib.admin with our pages
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "simple_history",
    "csp",
    "django_celery_beat",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "publications",
    "harvest",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "publications.middleware.let_any_site_read",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "publications.middleware.drop_tracking_parameters",
    "publications.middleware.keep_private_to_curators",
]

ROOT_URLCONF = "olbin.urls"
WSGI_APPLICATION = "olbin.wsgi.application"

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
                "publications.context_processors.site",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------

DATABASES = {"default": environment.database(text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'olbin.sqlite3'}"))}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    require_sqlite()
    DATABASES["default"].setdefault("OPTIONS", {}).update(SQLITE_OPTIONS)
# Kept between requests: opening SQLite's files anew costs more than most queries, too.
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": environment.cache(text("CACHE_URL", "locmemcache://"))}

# --- Language and time: dates of the database are UTC ----------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# --- Static files: hashed, compressed, served by whitenoise ----------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Security ---------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
if not DEBUG:
    SECURE_SSL_REDIRECT = environment.switch("SECURE_SSL_REDIRECT", text("SECURE_SSL_REDIRECT", "yes"))
    # Set to False on purpose, where the proxy redirects.
    SILENCED_SYSTEM_CHECKS = [] if SECURE_SSL_REDIRECT else ["security.W008"]
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "harvest.desk.signed_out.csrf_failed"

# --- API ----------------------------------------------------------------------------------------

# Requests of one address; the address is the one that the last trusted proxy saw.
API_RATE = environment.rate(text("API_RATE", "300/min"))
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": ["publications.api.throttling.ByAddress"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "publications.api.views.errors_as_json",
    "NUM_PROXIES": environment.proxies(text("TRUSTED_PROXIES", "0" if DEBUG else "1")),
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "OLBIN Publications",
    "DESCRIPTION": "Papers on optical long-baseline interferometry. Read only, for everybody.",
    "VERSION": "1",
    "LICENSE": {"name": "CC0", "url": "https://creativecommons.org/publicdomain/zero/1.0/"},
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,  # `fields` leaves any of them out
    "SCHEMA_PATH_PREFIX": "/api/",
}

# --- Other services ---------------------------------------------------------------------------

ADS_API_URL = text("ADS_API_URL", "https://api.adsabs.harvard.edu/v1").rstrip("/")
ADS_API_TOKEN = text("ADS_API_TOKEN")
ADS_UI_URL = text("ADS_UI_URL", "https://ui.adsabs.harvard.edu").rstrip("/")

SIMBAD_TAP_URL = text("SIMBAD_TAP_URL", "https://simbad.cds.unistra.fr/simbad/sim-tap")
# The naming authority under which the Virtual Observatory's registry knows the cone search.
IVOA_AUTHORITY = text("IVOA_AUTHORITY") or SITE_URL.partition("://")[2].partition(":")[0]
# Empty: a list is read from a file only.
TELBIB_URL = env.str(
    "TELBIB_URL", default="https://telbib.eso.org/api.php?telescope[]=vlti+visitor&telescope[]=vlti"
)
OIDB_TAP_URL = env.str("OIDB_TAP_URL", default="https://tap.jmmc.fr/vollt/tap").rstrip("/")
JMDC_URL = env.str("JMDC_URL", default="https://jmdc.jmmc.fr/export_csv")

# --- Jobs: a worker when there is a broker, else the command or page that starts one ------------

CELERY_BROKER_URL = text("CELERY_BROKER_URL")
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS_LEVEL = "INFO"
# A worker that is stopped waits for its tasks so long, in seconds, then gives them back to the broker.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than any job, or a broker would hand a running one to a second worker: Redis after the visibility
# timeout, RabbitMQ (3.12 and later) after the queue's own one.
LONGEST_JOB = 6 * 3600
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": LONGEST_JOB}
CELERY_TASK_DEFAULT_QUEUE = "olbin"
CELERY_TASK_QUEUES = [
    Queue("olbin", routing_key="olbin", queue_arguments={"x-consumer-timeout": LONGEST_JOB * 1000})
]

# --- Logs: one line for each event, to standard error ------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Scanners ask under any name, in hundreds: no error of ours.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "fontTools": {"level": "WARNING"},  # says each letter that it puts into a PDF
        "matplotlib": {"level": "WARNING"},
    },
}

# An identifier, a selection or a list to check is longer than a usual address, never this long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
try:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR: {DATA_DIR} cannot be used: {error.strerror}") from error
