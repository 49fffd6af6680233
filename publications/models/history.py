"""The one history of changes: who changed which row, when, from what to what.

Kept by django-simple-history, one table of states for each model. What one act changed, in however
many tables, stands under one `Act`, and can be undone as a whole (`publications.undo`).
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Max
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_update_with_history

_present = ContextVar("act", default=None)


class ActQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has undone."""
        return self.filter(undone=None)


class Act(models.Model):
    """A named group of changes: made in one transaction, undone together."""

    name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone")

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.name


@contextmanager
def act(name, by=None, undoes=None):
    """One transaction whose changes stand in the history under one `Act`, by the user ``by``.

    An act inside another one is a part of it.
    """
    if _present.get() is not None:
        with transaction.atomic():
            yield _present.get()
        return
    with transaction.atomic():
        made = Act.objects.create(name=name[:200], by=by, undoes=undoes)
        token = _present.set(made)
        try:
            yield made
        finally:
            _present.reset(token)


def present_act():
    present = _present.get()
    return present and present.pk


class OfAnAct(models.Model):
    """What every table of states has besides."""

    act = models.ForeignKey(
        Act, models.SET_NULL, null=True, blank=True, editable=False, default=present_act, related_name="+"
    )

    class Meta:
        abstract = True


class States(HistoricalRecords):
    """A change is by the person of the present act, for the reason that is its name."""

    def get_change_reason_for_object(self, instance, history_type, using):
        reason = super().get_change_reason_for_object(instance, history_type, using)
        return reason or reason_of_act()


def person_of_act(request=None, **kwargs):
    if request is not None:
        return request.user
    return _present.get() and _present.get().by


def reason_of_act():
    return _present.get() and _present.get().name[:100]


def history(**options):
    """The history of a model; give ``excluded_fields`` for text that is not worth keeping twice."""
    return States(user_db_constraint=False, bases=[OfAnAct], get_user=person_of_act, **options)


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
        rows,
        batch_size=batch_size,
        default_user=user,
        default_change_reason=reason or reason_of_act() or "",
    )


def update_with_history(model, rows, fields, *, user=None, reason="", batch_size=500):
    """Update ``fields`` of ``rows`` at once, each with its line of history."""
    bulk_update_with_history(
        rows,
        model,
        fields,
        batch_size=batch_size,
        default_user=user,
        default_change_reason=reason or reason_of_act() or "",
    )


def delete_with_history(rows, *, user=None, reason=""):
    """Delete ``rows``, each with a last line of history that says who and why."""
    for row in rows:
        row._history_user = user or person_of_act()
        row._change_reason = reason or reason_of_act()
        row.delete()
