"""Papers that somebody or a search proposed and nobody has judged yet."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from publications.models.fields import CodePointField
from publications.models.history import history
from publications.models.validators import validate_bibcode


class Candidate(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", "pending"
        ACCEPTED = "accepted", "accepted"
        BLOCKED = "blocked", "blocked"

    bibcode = CodePointField(max_length=19, unique=True, validators=[validate_bibcode])
    title = models.TextField(blank=True)
    authors = models.JSONField(default=list, blank=True, help_text="names in order")
    year = models.PositiveSmallIntegerField()
    pubdate = CodePointField(max_length=10, null=True, blank=True)
    doi = CodePointField(max_length=250, blank=True)
    arxiv = CodePointField(max_length=40, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    found_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = history()

    class Meta:
        ordering = ["-found_at", "bibcode"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="pending", decided_by__isnull=True, decided_at__isnull=True)
                | Q(status__in=["accepted", "blocked"], decided_by__isnull=False, decided_at__isnull=False),
                name="decided_means_by_whom_and_when",
            ),
        ]

    def __str__(self):
        return self.bibcode
