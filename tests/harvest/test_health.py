"""What the site tells of its jobs: ``/readyz`` and the home page."""

import datetime
import re

import pytest
from django.utils import timezone

from harvest.models import HarvestRun
from publications.models import Library
from tests.harvest.site import free_port

pytestmark = pytest.mark.django_db
NIGHT = datetime.datetime(2026, 3, 1, 2, 16, tzinfo=datetime.UTC)


def test_readiness_tells_the_last_runs(client):
    HarvestRun.objects.create(job="sync", status="failed", finished_at=NIGHT)

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.content.decode().splitlines() == [
        "ready",
        "broker: none",
        "cache: answers",
        "look for candidates: never",
        "bring the ADS libraries into step: failed, 2026-03-01 02:16 UTC",
    ]


def test_a_run_whose_process_is_gone_is_called_interrupted(client):
    HarvestRun.objects.create(job="sync", status="running")
    assert "bring the ADS libraries into step: interrupted, " in client.get("/readyz").text


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_does_not_answer_is_told_and_not_fatal(client, settings, scheme):
    settings.CELERY_BROKER_URL = f"{scheme}://127.0.0.1:{free_port()}/"

    response = client.get("/readyz")

    assert response.status_code == 200
    assert "broker: does not answer" in response.content.decode()


def test_home_tells_the_last_search_that_succeeded_and_the_last_sync(client):
    assert "Last search" not in client.get("/").content.decode()
    HarvestRun.objects.create(job="harvest", status="done", finished_at=NIGHT)
    HarvestRun.objects.create(job="harvest", status="failed", finished_at=timezone.now())
    Library.objects.create(name="olbin-refereed", synced_at=NIGHT + datetime.timedelta(days=1))

    text = re.sub(r"<[^>]*>", "", client.get("/").content.decode())

    assert "Last search of ADS: 2026-03-01." in text
    assert "ADS libraries last in step: 2026-03-02." in text
