"""How a job runs: alone of its kind, as a row that says what happened, with a client of ADS."""

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.utils import timezone

from harvest.ads.client import AdsClient
from harvest.ads.quota import Quota, Quotas
from harvest.locks import CannotLock, Taken, only_one
from harvest.models import EndpointQuota, HarvestRun

logger = logging.getLogger(__name__)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_asked = ContextVar("asked", default=None)


class AlreadyRunning(Exception):
    """Another process does this job at the moment."""

    def __init__(self, job):
        super().__init__(f"the job “{job}” runs already; wait until it is done")


class StoredQuotas(Quotas):
    """Outlives the process: the next run knows what this one left."""

    def load(self, endpoint):
        row = EndpointQuota.objects.filter(endpoint=endpoint).first()
        return row and Quota(row.limit, row.remaining, row.reset)

    def store(self, endpoint, quota):
        values = {"limit": quota.limit, "remaining": quota.remaining, "reset": quota.reset}
        EndpointQuota.objects.update_or_create(endpoint=endpoint, defaults=values)


def ads_is_local():
    return urlsplit(settings.ADS_API_URL).hostname in LOOPBACK


def ads_client(background=True):
    """A client of the ADS that the settings name."""
    token = settings.ADS_API_TOKEN
    if not token and not ads_is_local():
        raise ImproperlyConfigured(
            "ADS_API_TOKEN is not set. Get a token at ADS (Settings → API Token), "
            "or set ADS_API_URL to the stand-in's address."
        )
    options = {"contact": settings.SITE_URL, "quotas": StoredQuotas(), "background": background}
    return AdsClient.at(settings.ADS_API_URL, token or "none", **options)


@contextmanager
def recorded(job, client=None, by=None, about=""):
    """A `HarvestRun` during the block: at most one of this ``job``, whichever way it was started.

    ``client``: what the job asks; its ``calls`` (endpoint → number) are noted when the run ends. ``about``:
    of several sources, which one.
    An error ends the run as failed, with its message, and goes on to the caller.

    Raises
    ------
    AlreadyRunning, CannotLock
    """
    try:
        with only_one(HarvestRun(job=job).lock):
            # Who holds the lock knows that no other run of the job is alive.
            for dead in HarvestRun.objects.filter(job=job, status=HarvestRun.Status.RUNNING):
                dead.errors.append(f"stopped in the middle (at “{dead.step}”): its process ended")
                dead.finish(HarvestRun.Status.INTERRUPTED)
            run = begun(job, by, about)
            run.client = client
            try:
                yield run
            except Exception as error:
                run.errors.append(said(error))
                finish(run, HarvestRun.Status.FAILED)
                raise
            finish(run, HarvestRun.Status.DONE)
    except Taken as error:
        raise AlreadyRunning(job) from error
    except CannotLock as error:
        # Every page shows the last run: without a row of this one all would look well.
        run = begun(job, by, about)
        run.errors.append(said(error))
        finish(run, HarvestRun.Status.FAILED)
        raise


def begun(job, by, about):
    """The row of a run that begins: the one that a page made for it, else a new one."""
    run = _asked.get()
    if run is None or (run.job, run.status) != (job, HarvestRun.Status.WAITING):
        return HarvestRun.objects.create(job=job, by=by, about=about)
    run.status, run.started_at, run.about = HarvestRun.Status.RUNNING, timezone.now(), about
    run.save()
    return run


@contextmanager
def asked_for(pk):
    """The block does the job that a page asked for by the row ``pk`` (None: no page did).

    An error that stops it before it begins stands in that row too: somebody looks at it.
    """
    run = HarvestRun.objects.filter(pk=pk).first()
    token = _asked.set(run)
    try:
        yield
    except Exception as error:
        if run and run.status == HarvestRun.Status.WAITING:
            run.errors.append(said(error))
            run.finish(HarvestRun.Status.FAILED)
        raise
    finally:
        _asked.reset(token)


def said(error):
    """What went wrong. Our own errors are whole sentences; of others, the kind helps."""
    own = type(error).__module__.startswith("harvest.") or isinstance(
        error, CommandError | ImproperlyConfigured
    )
    return str(error) if own else f"{type(error).__name__}: {error}"


def finish(run, status):
    run.calls = run.client.calls if run.client else {}
    run.finish(status)
    logger.info("%s %s: %d found, %d new, %d changed, calls %s", run, status, run.found, run.new, run.changed,
                run.calls)  # fmt: skip
