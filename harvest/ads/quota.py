"""What is left of the day's calls, for each endpoint, as ADS's headers say."""

import time
from dataclasses import dataclass


@dataclass
class Quota:
    """``reset`` is in Unix seconds; None where ADS did not say."""

    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None


class Quotas:
    """Remembers in this process; a subclass may keep it longer."""

    def __init__(self, clock=time.time):
        self.clock = clock
        self.calls = {}
        self.known = {}

    def load(self, endpoint):
        return self.known.get(endpoint)

    def store(self, endpoint, quota):
        self.known[endpoint] = quota

    def note(self, endpoint, headers):
        """Count a call, and keep what its headers say; ADS sometimes leaves them out."""
        self.calls[endpoint] = self.calls.get(endpoint, 0) + 1
        if "X-RateLimit-Remaining" in headers:
            self.store(
                endpoint,
                Quota(*(whole(headers.get(f"X-RateLimit-{n}")) for n in ("Limit", "Remaining", "Reset"))),
            )

    def seconds_to_wait(self, endpoint, reserve):
        """None when a call may be made, else how long until ADS counts anew.

        ``reserve``: the share of the limit to leave.
        """
        quota = self.load(endpoint)
        if quota is None or quota.remaining is None or quota.reset is None or quota.reset <= self.clock():
            return None
        if quota.remaining > reserve * (quota.limit or 0):
            return None
        return quota.reset - self.clock()


def whole(text):
    try:
        return int(float(text))
    except (TypeError, ValueError):
        return None
