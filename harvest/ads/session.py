"""One HTTP session for all of ADS: timeouts, retries, quotas; every answer is JSON or an `AdsError`."""

import email.utils
import logging
import random
import re
import time

import requests

from harvest.ads.errors import AdsAuthError, AdsRateLimited, AdsResponseError, AdsUnavailable
from harvest.ads.quota import Quotas, whole

logger = logging.getLogger(__name__)

# Connecting; waiting for an answer: ADS's gateway gives up after 60 s itself.
TIMEOUT = (5, 75)
TRIES = 5
LONGEST_WAIT = 120
PASSING = {499, 500, 502, 503, 504}
PASSING_TEXT = "An internal error occurred when querying SOLR"
BACKGROUND_RESERVE = 0.05


class AdsSession(requests.Session):
    """``get`` and ``post`` take an address below the API's, or a whole one, and answer with valid JSON only.

    ``background`` work leaves `BACKGROUND_RESERVE` of each day's calls to people. No answer is ever cached.
    """

    def __init__(self, base_url, token, *, contact="", quotas=None, background=False, timeout=TIMEOUT,
                 sleep=time.sleep):  # fmt: skip
        super().__init__()
        self.base_url = base_url.rstrip("/")
        self.headers["Authorization"] = f"Bearer {token}"
        self.headers["User-Agent"] = f"olbin-publications ({contact})" if contact else "olbin-publications"
        self.quotas = Quotas() if quotas is None else quotas
        self.background = background
        self.timeout = timeout
        self.sleep = sleep

    def request(self, method, url, *, repeatable=None, **options):
        """An answer that is valid JSON.

        ``repeatable``: asking twice does no harm; by default true of GET only.

        Raises
        ------
        AdsError
            One of its subclasses, after the tries that make sense.
        """
        url = url if url.startswith("http") else f"{self.base_url}/{url.strip('/')}"
        endpoint = endpoint_of(url.removeprefix(self.base_url))
        repeatable = method.upper() == "GET" if repeatable is None else repeatable
        options.setdefault("timeout", self.timeout)
        options["allow_redirects"] = False
        for attempt in range(1, TRIES + 1):
            self.keep_reserve(endpoint)
            try:
                return self.ask(method, url, endpoint, options)
            except (AdsUnavailable, AdsRateLimited) as error:
                wait = self.wait_after(error, attempt)
                if attempt == TRIES or wait is None or not (repeatable or isinstance(error, AdsRateLimited)):
                    raise
                logger.info("ADS: %s; once more in %.1f s", error, wait)
                self.sleep(wait)
        raise AssertionError("unreachable")

    def keep_reserve(self, endpoint):
        wait = self.quotas.seconds_to_wait(endpoint, BACKGROUND_RESERVE if self.background else 0)
        if wait is not None:
            what = "the rest is kept for people" if self.background else "nothing is left"
            raise AdsRateLimited(f"today's calls to {endpoint} are used up: {what}", wait)

    def ask(self, method, url, endpoint, options):
        try:
            response = super().request(method, url, **options)
        except requests.RequestException as error:
            self.quotas.note(endpoint, {})
            raise AdsUnavailable(f"no answer from ADS ({type(error).__name__}) on {endpoint}") from error
        self.quotas.note(endpoint, response.headers)
        check(response, endpoint)
        return response

    def wait_after(self, error, attempt):
        """Seconds before the next try; None when it would be too long."""
        told = getattr(error, "retry_after", None)
        if told is not None:
            return told if told <= LONGEST_WAIT else None
        return min(60, 2 ** (attempt - 1)) * random.uniform(0.5, 1)  # noqa: S311 (no secret)


def endpoint_of(path):
    """The counter of ADS that a call belongs to: ``/biblib/libraries/<id>`` is one for all libraries."""
    parts = path.strip("/").split("?")[0].split("/")
    if parts[:2] == ["biblib", "libraries"] and len(parts) > 2:
        return "biblib/libraries/<id>"
    return "/".join(parts[:2])


def check(response, endpoint):
    """Raise the `AdsError` that an answer means; return when it is valid JSON of status 2xx."""
    status = response.status_code
    if status == 429:
        raise AdsRateLimited(f"ADS: too many requests to {endpoint}", retry_after(response.headers))
    if status == 401:
        raise AdsAuthError("ADS refuses the token: set a valid ADS_API_TOKEN")
    if status in PASSING:
        raise AdsUnavailable(f"ADS answered {status} on {endpoint}")
    try:
        answer = response.json()
    except ValueError as error:
        if response.ok:
            raise AdsUnavailable(
                f"ADS answered {status} on {endpoint} with something that is not JSON"
            ) from error
        raise AdsResponseError(
            f"ADS answered {status} on {endpoint}: {said(response.text)}", status
        ) from error
    if not response.ok:
        message = said(answer)
        if status == 400 and PASSING_TEXT in message:
            raise AdsUnavailable(f"ADS: {message}")
        raise AdsResponseError(f"ADS answered {status} on {endpoint}: {message}", status)
    if not isinstance(answer, dict | list):
        raise AdsUnavailable(f"ADS answered {endpoint} with {type(answer).__name__}, not an object")
    header = answer.get("responseHeader") if isinstance(answer, dict) else None
    if isinstance(header, dict) and header.get("partialResults"):
        raise AdsUnavailable("ADS ran out of time and gave a part of the result only")


def said(answer):
    """The message of an error, wherever ADS put it this time."""
    if isinstance(answer, dict):
        error = answer.get("error", answer.get("message", ""))
        error = error.get("msg", "") if isinstance(error, dict) else error
        return str(error)[:500]
    return " ".join(re.sub(r"<[^>]*>", " ", str(answer)).split())[:200]


def retry_after(headers):
    """Seconds to wait: ``Retry-After`` (seconds or a date), else ``X-RateLimit-Reset``; None: not said."""
    told = headers.get("Retry-After", "")
    if whole(told) is not None:
        return max(0, whole(told))
    try:
        return max(0, email.utils.parsedate_to_datetime(told).timestamp() - time.time())
    except (TypeError, ValueError):
        reset = whole(headers.get("X-RateLimit-Reset"))
        return None if reset is None else max(0, reset - time.time())
