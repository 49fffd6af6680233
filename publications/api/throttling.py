"""How many requests an address may make, told in headers of each answer."""

from django.conf import settings
from rest_framework.throttling import AnonRateThrottle


class ByAddress(AnonRateThrottle):
    def get_rate(self):
        return settings.API_RATE

    def allow_request(self, request, view):
        allowed = super().allow_request(request, view)
        left = max(0, self.num_requests - len(self.history))
        view.headers |= {"X-RateLimit-Limit": str(self.num_requests), "X-RateLimit-Remaining": str(left)}
        return allowed
