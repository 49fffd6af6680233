"""Where a request comes from, and how many an address may make, told in headers of each answer."""

import time

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import AnonRateThrottle, BaseThrottle

from publications.limits import counted


def address_of(request):
    """The visitor's address: the one that the first of our `TRUSTED_PROXIES` saw."""
    return BaseThrottle().get_ident(request)


class ByAddress(AnonRateThrottle):
    """REST framework's own reads a list and writes it back: of parallel requests it counts some only."""

    def get_rate(self):
        return settings.API_RATE

    def allow_request(self, request, view):
        self.key = self.get_cache_key(request, view)
        cache.add(f"{self.key}-ends", time.time() + self.duration, self.duration)
        made = counted(self.key, self.duration)
        left = max(0, self.num_requests - made)
        view.headers |= {"X-RateLimit-Limit": str(self.num_requests), "X-RateLimit-Remaining": str(left)}
        return made <= self.num_requests

    def wait(self):
        now = time.time()
        return max(1, cache.get(f"{self.key}-ends", now + self.duration) - now)
