"""The one history of changes: who changed which row, when, from what to what.

Kept by django-simple-history, one table of states for each model. Rows that one act changed
share their ``history_change_reason``.
"""

from django.db import connection
from django.db.models import Max
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_update_with_history


def history(**options):
    """The history of a model; give ``excluded_fields`` for text that is not worth keeping twice."""
    return HistoricalRecords(user_db_constraint=False, **options)


def create_with_history(model, rows, *, user=None, reason="", batch_size=500):
    """Insert ``rows`` at once, each with its line of history; they have their keys afterwards.

    To be called inside a transaction.
    """
    if not connection.features.can_return_rows_from_bulk_insert:
        # SQLite before 3.35 cannot say which keys it gave. Its writers take turns, so we can choose them.
        last = model.objects.aggregate(last=Max("pk"))["last"] or 0
        for row in rows:
            last += 1
            row.pk = last
    model.objects.bulk_create(rows, batch_size=batch_size)
    model.history.bulk_history_create(
        rows, batch_size=batch_size, default_user=user, default_change_reason=reason
    )


def update_with_history(model, rows, fields, *, user=None, reason="", batch_size=500):
    """Update ``fields`` of ``rows`` at once, each with its line of history."""
    bulk_update_with_history(
        rows, model, fields, batch_size=batch_size, default_user=user, default_change_reason=reason
    )


def delete_with_history(rows, *, user=None, reason=""):
    """Delete ``rows``, each with a last line of history that says who and why."""
    for row in rows:
        row._history_user = user
        row._change_reason = reason
        row.delete()
