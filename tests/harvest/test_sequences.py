"""After any sequence of events, one clean sync makes database and ADS agree."""

import contextlib

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from harvest import library_sync
from harvest.ads.errors import AdsError
from harvest.library_sync import Options
from tests.harvest.sequences import LIBRARIES, Sequence


class CutByFaults(Sequence):
    """A sync is cut by an ADS that drops every connection from some call on. Each sequence is rolled back."""

    def __init__(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        super().__init__()

    def teardown(self):
        try:
            super().teardown()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def cut(self, kind, path, call):
        self.sandbox.fail(kind, path, skip=call, times=None)
        with contextlib.suppress(AdsError):
            library_sync.sync_libraries(self.client, options=Options(only=LIBRARIES))
        self.sandbox.faults.clear()


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_database_and_ads_agree_after_any_sequence():
    run_state_machine_as_test(
        CutByFaults,
        settings=settings(
            max_examples=100, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
