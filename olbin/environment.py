"""Texts of environment variables → values of the settings. Pure.

An empty text is the default. One that cannot be meant stops the start and is named; a database's is not
shown, because a password stands in it.
"""

import re
import warnings
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env
from redis.backoff import NoBackoff
from redis.retry import Retry

HOST = re.compile(r"\*|\.?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
RATE = re.compile(r"[1-9][0-9]*/(?:s|sec|second|m|min|minute|h|hour|d|day)s?")
ON, OFF = ("1", "true", "yes", "on", "y", "t"), ("0", "false", "no", "off", "n", "f")
SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
DJANGO_REDIS = "django.core.cache.backends.redis.RedisCache"


def refused(variable, why, example):
    return ImproperlyConfigured(f"{variable}: {why}. Set it, for example {variable}={example}")


def hosts(text):
    """The host names of ``ALLOWED_HOSTS``."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if not HOST.fullmatch(name):
            why = f"“{name}” is no host name; neither https:// nor a port belongs to it"
            raise refused("ALLOWED_HOSTS", why, "publications.example.org,www.example.org")
    if not names:
        raise refused("ALLOWED_HOSTS", "it names no host", "publications.example.org")
    return names


def site_url(text, allowed):
    """``SITE_URL``, or the first of the hosts that are ``allowed``."""
    if not text:
        return "https://" + next((name.lstrip(".") for name in allowed if name != "*"), "localhost")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise refused("SITE_URL", f"“{text}” is no address with https://", "https://publications.example.org")
    return text.rstrip("/")


def switch(variable, text):
    """Whether something is on."""
    if text.lower() not in ON + OFF:
        raise refused(variable, f"“{text}” is neither yes nor no", "True")
    return text.lower() in ON


def rate(text):
    if not RATE.fullmatch(text):
        raise refused("API_RATE", f"“{text}” is no number of requests in a span of time", "300/min")
    return text


def proxies(text):
    if not re.fullmatch("[0-9]{1,3}", text):
        raise refused("TRUSTED_PROXIES", f"“{text}” is no number", "1")
    return int(text)


def database(text):
    """``DATABASES["default"]`` without our options."""
    try:
        with warnings.catch_warnings(action="ignore"):
            found = Env.db_url_config(text)
        named = found["NAME"] and "@" not in found["NAME"]
        known = found["ENGINE"] == SQLITE or (found["ENGINE"] == POSTGRESQL and named)
    except Exception:  # the library's errors show parts of the password
        known = False
    if not known:
        raise refused(
            "DATABASE_URL",
            "it is no postgres:// or sqlite:// address "
            "(an @ : / ? # or % of the password is written %40 %3A %2F %3F %23 %25)",
            "postgres://user:password@127.0.0.1:5432/name",
        ) from None
    return found


def cache(text):
    """``CACHES["default"]``: a Redis that does not answer is waited for briefly, and done without."""
    try:
        found = Env.cache_url_config(text)
    except Exception:  # of the library: any
        raise refused("CACHE_URL", "it cannot be read", "rediscache://127.0.0.1:6379/1") from None
    if found["BACKEND"] == DJANGO_REDIS:
        patience = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
        found |= {"BACKEND": "olbin.cache.RedisCache", "OPTIONS": patience | found.get("OPTIONS", {})}
    return found
