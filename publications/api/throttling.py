"""Where a request comes from, and how many an address may make, told in headers of each answer."""

from django.conf import settings
from rest_framework.throttling import AnonRateThrottle, BaseThrottle

from publications.limits import counted, left_of_span


def address_of(request):
    """The visitor's address: the one that the first of our `TRUSTED_PROXIES` saw."""
    return BaseThrottle().get_ident(request)


class ByAddress(AnonRateThrottle):
    """REST framework's own reads a list and writes it back: of parallel requests it counts some only."""

    def get_rate(self):
        return settings.API_RATE

    def allow_request(self, request, view):
        made = counted(self.get_cache_key(request, view), self.duration)
        left = max(0, self.num_requests - made)
        view.headers |= {"X-RateLimit-Limit": str(self.num_requests), "X-RateLimit-Remaining": str(left)}
        return made <= self.num_requests

    def wait(self):
        return left_of_span(self.duration)
