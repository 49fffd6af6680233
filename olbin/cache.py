"""The cache that several processes share. While its Redis is away the site is slower, and without limits."""

import logging
import time
from functools import wraps

from django.core.cache.backends import redis as django_redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)
# Seconds until a server that did not answer is asked again.
REST = 10
# What each operation gives meanwhile; `get` gives its default.
WITHOUT = {
    "add": True, "get": None, "set": None, "touch": False, "delete": False, "has_key": False, "incr": 1,
    "get_many": {}, "set_many": None, "delete_many": None, "clear": False,
}  # fmt: skip


class Client(django_redis.RedisCacheClient):
    asked_again_at = 0.0


def forgiving(name, nothing):
    operation = getattr(django_redis.RedisCacheClient, name)

    @wraps(operation)
    def attempt(self, *args):
        if time.monotonic() >= Client.asked_again_at:
            try:
                return operation(self, *args)
            except (RedisConnectionError, RedisTimeoutError) as error:
                Client.asked_again_at = time.monotonic() + REST
                logger.error("the cache does not answer (%s): the site goes on without", error)
        return args[1] if name == "get" else nothing

    return attempt


for name, nothing in WITHOUT.items():
    setattr(Client, name, forgiving(name, nothing))


class RedisCache(django_redis.RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = Client
