"""The jobs as Celery tasks: each builds the client, calls one function, and decides what an error means.

A task may run twice: the second finds the first running, or finds nothing to do.
"""

import logging

from celery import shared_task
from django.core.management import CommandError, call_command

from harvest import discovery, library_sync, miners, recheck, refresh, sources, targets
from harvest.ads.errors import AdsAuthError, AdsRateLimited, AdsResponseError, AdsUnavailable
from harvest.jobs import AlreadyRunning, ads_client
from harvest.locks import CannotLock
from harvest.rules import BrokenRule
from harvest.simbad import Simbad, SimbadRefused, SimbadUnavailable
from harvest.source_lists import BrokenSource, SourceUnavailable
from publications.models import SourceRecord

logger = logging.getLogger(__name__)
LONGEST_WAIT = 15 * 60
# The run's row says what happened; trying again would not help.
FOR_A_PERSON = (
    AdsAuthError,
    AdsResponseError,
    BrokenRule,
    CannotLock,
    library_sync.SyncRefused,
    library_sync.SyncTrouble,
)


def run_job(task, job):
    """Run ``job(client)``; try again later what may pass, leave the rest to the next scheduled run."""
    try:
        job(ads_client())
    except AlreadyRunning as error:
        logger.info("%s", error)
    except AdsRateLimited as error:
        if error.retry_after is None or error.retry_after > LONGEST_WAIT:
            logger.warning("%s; left to the next scheduled run", error)
            return
        raise task.retry(exc=error, countdown=error.retry_after, max_retries=5) from error
    except AdsUnavailable as error:
        raise task.retry(exc=error, countdown=60 * 2**task.request.retries, max_retries=5) from error
    except FOR_A_PERSON as error:
        logger.error("%s", error)


@shared_task(bind=True)
def harvest(self):
    """Nightly: look for papers that nobody has judged yet."""
    run_job(self, discovery.discover)


@shared_task(bind=True)
def mine_citations(self):
    """Monthly: propose what many papers here cite."""
    run_job(self, miners.mine_citations)


@shared_task(bind=True)
def sync_libraries(self):
    """Nightly: bring the ADS libraries into step."""
    run_job(self, library_sync.sync_libraries)


@shared_task(bind=True)
def refresh_recent(self):
    """Weekly: read the metadata of recent papers anew."""
    run_job(self, refresh.refresh_recent)


@shared_task(bind=True)
def refresh_all(self):
    """Monthly: read all metadata anew."""
    run_job(self, refresh.refresh_papers)


@shared_task(bind=True)
def recheck_tags(self):
    """Monthly: replay the search rules on papers that are in."""
    run_job(self, recheck.recheck_tags)


@shared_task(bind=True)
def resolve_targets(self):
    """Weekly: link papers to the objects that SIMBAD lists."""
    try:
        targets.resolve_targets(Simbad.from_settings())
    except AlreadyRunning as error:
        logger.info("%s", error)
    except SimbadUnavailable as error:
        raise self.retry(exc=error, countdown=60 * 2**self.request.retries, max_retries=5) from error
    except SimbadRefused as error:
        logger.error("%s", error)


@shared_task(bind=True)
def import_sources(self, names=None):
    """Weekly: read the lists of other databases; one that cannot be had leaves the others alone."""
    away, trouble = [], None
    for name in names or SourceRecord.Source.values:
        try:
            sources.import_source(name)
        except AlreadyRunning as error:
            logger.info("%s", error)
        except SourceUnavailable as error:
            trouble = error
            away.append(name)
        except BrokenSource as error:
            logger.error("%s: %s", name, error)
    if away:
        raise self.retry(args=[away], exc=trouble, countdown=60 * 2**self.request.retries, max_retries=5)


@shared_task
def run_command(name, arguments):
    """What a page started; the run's row says how it ended."""
    try:
        call_command(name, *arguments)
    except CommandError as error:
        logger.error("%s: %s", name, error)
