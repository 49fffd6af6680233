"""What can go wrong with ADS, by who must act."""


class AdsError(Exception):
    """ADS did not do what was asked."""


class AdsUnavailable(AdsError):
    """ADS is out of reach, too slow or broken. A write may have been executed all the same."""


class AdsAuthError(AdsError):
    """ADS refuses our token: a person must renew it."""


class AdsRateLimited(AdsError):
    """The day's quota of an endpoint is used up, or what is left is kept for people.

    ``retry_after``: seconds to wait, None when ADS does not say.
    """

    def __init__(self, message, retry_after=None):
        super().__init__(message)
        self.retry_after = retry_after


class AdsResponseError(AdsError):
    """ADS refuses the request (a broken query, say) or its answer makes no sense. ``status``: of HTTP."""

    def __init__(self, message, status=None):
        super().__init__(message)
        self.status = status
