"""Where a request comes from, and how many an address may make, told in headers of each answer."""

from django.conf import settings
from rest_framework.throttling import AnonRateThrottle, BaseThrottle


def address_of(request):
    """The visitor's address: the one that the first of our `TRUSTED_PROXIES` saw."""
    return BaseThrottle().get_ident(request)


class ByAddress(AnonRateThrottle):
    def get_rate(self):
        return settings.API_RATE

    def allow_request(self, request, view):
        allowed = super().allow_request(request, view)
        left = max(0, self.num_requests - len(self.history))
        view.headers |= {"X-RateLimit-Limit": str(self.num_requests), "X-RateLimit-Remaining": str(left)}
        return allowed
