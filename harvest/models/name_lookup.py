"""A name that a visitor asked SIMBAD for, and what SIMBAD said."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from publications.folding import target_key
from publications.models import Target
from publications.models.fields import CodePointField
from publications.positions import sexagesimal

GOOD_FOR = timedelta(days=30)
# Nobody is asked longer than that: the process ended, or no worker is there.
LONGEST_WAIT = timedelta(minutes=3)


class NameLookupQuerySet(models.QuerySet):
    def waiting(self, now=None):
        """Those to answer: what waited too long was told so, and is asked anew by its button."""
        since = (now or timezone.now()) - LONGEST_WAIT
        return self.filter(status=NameLookup.Status.WAITING, asked_at__gte=since).order_by("asked_at", "pk")


class NameLookup(models.Model):
    """``target``: ours, if papers are linked to the object. ``ra``, ``dec``: degrees, ICRS, J2000.0."""

    class Status(models.TextChoices):
        WAITING = "waiting", "waiting"
        FOUND = "found", "found"
        UNKNOWN = "unknown", "unknown at SIMBAD"
        FAILED = "failed", "SIMBAD did not answer"

    key = CodePointField(max_length=150, unique=True)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    main_name = models.CharField(max_length=120, blank=True)
    otype = models.CharField(max_length=40, blank=True)
    ra = models.FloatField(null=True)
    dec = models.FloatField(null=True)
    target = models.ForeignKey(Target, models.SET_NULL, null=True, related_name="+")

    objects = NameLookupQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"{self.name}: {self.status}"

    def save(self, *args, **kwargs):
        self.key = target_key(self.name)
        super().save(*args, **kwargs)

    @property
    def position(self):
        return "" if self.ra is None else sexagesimal(self.ra, self.dec)

    @property
    def late(self):
        """Whether no answer will come any more."""
        return self.status == self.Status.WAITING and timezone.now() - self.asked_at > LONGEST_WAIT

    @property
    def live(self):
        """Whether an answer may still come."""
        return self.status == self.Status.WAITING and not self.late

    @property
    def fresh(self):
        """Whether the answer need not be asked for again."""
        answered = self.status in (self.Status.FOUND, self.Status.UNKNOWN)
        return self.live or (answered and timezone.now() - self.asked_at < GOOD_FOR)

    def ask_again(self):
        self.asked_at = timezone.now()
        self.finish(self.Status.WAITING)

    def is_object(self, object, target):
        """What SIMBAD says: an object, which is our ``target`` or none of ours (None)."""
        self.main_name, self.otype = object.name[:120], object.otype[:40]
        self.ra, self.dec, self.target = object.ra, object.dec, target

    def finish(self, status):
        self.status = status
        self.save()
