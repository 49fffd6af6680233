"""What a night costs at ADS when nothing happened: the figures of docs/operations.md."""

import pytest

from harvest import demonstration, discovery, library_sync
from harvest.ads.client import AdsClient
from harvest.models import HarvestRun, SearchRule
from publications.models import Library
from tests.ads_sandbox import AdsSandbox, Corpus

pytestmark = pytest.mark.django_db


@pytest.fixture
def ads_sandbox():
    with AdsSandbox(Corpus.of_demonstration_data()) as sandbox:
        yield sandbox


def night(sandbox):
    """A client of its own for each job, as each is a process of its own."""
    for job in (discovery.discover, library_sync.sync_libraries):
        job(AdsClient.at(sandbox.url, "token"))
    return HarvestRun.objects.get_queryset()[:2][::-1]


def test_a_steady_night_makes_few_calls_and_no_write(ads, ads_sandbox):
    demonstration.load()
    for _ in range(2):
        # The first search knows no library yet to subtract, the second one does.
        night(ads_sandbox)
    assert Library.objects.exclude(ads_id=None).count() > 100
    ads_sandbox.calls.clear()

    harvest, sync = night(ads_sandbox)

    assert (harvest.new, harvest.changed, sync.changed) == (0, 0, 0)
    # Two queries of the search, and the look-up of the 40 candidates that it does not find.
    assert harvest.calls == {"search/query": 3}
    assert sync.calls == {"biblib/libraries": 1}
    made = sum(harvest.calls.values()) + sum(sync.calls.values())
    assert made == len(ads_sandbox.calls) <= SearchRule.objects.active().count() + 5
    assert ads_sandbox.writes() == []
