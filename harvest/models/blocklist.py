"""What is kept out: papers, for a reason; and whole journals."""

from django.conf import settings
from django.db import models

from publications.models.fields import CodePointField
from publications.models.history import history
from publications.models.validators import validate_bibcode


class BlocklistEntry(models.Model):
    """A paper that a curator decided to keep out. Some reasons last, others end by themselves."""

    class Reason(models.TextChoices):
        NOT_INTERFEROMETRY = "not-interferometry", "not interferometry"
        ONLY_CITES = "only-cites", "only cites interferometry"
        DUPLICATE = "duplicate", "duplicate"
        NOT_REFEREED = "not-refereed", "not refereed yet"
        UNCURATED = "uncurated", "no reason given"

    bibcode = CodePointField(max_length=19, unique=True, validators=[validate_bibcode])
    reason = models.CharField(max_length=20, choices=Reason, default=Reason.UNCURATED)
    note = models.TextField(blank=True, help_text="shown to visitors on the blocklist's page")
    identifiers = models.JSONField(
        default=list, blank=True, editable=False, help_text="every form known of it"
    )
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    blocked_at = models.DateTimeField(auto_now_add=True)

    history = history()

    class Meta:
        ordering = ["bibcode"]
        verbose_name_plural = "blocklist"

    def __str__(self):
        return self.bibcode

    @property
    def lasts(self):
        """Whether the reason never ends by itself."""
        return self.reason != self.Reason.NOT_REFEREED


class FilteredBibstem(models.Model):
    """A journal whose records are not proposed while they stand there (``MNRAS.tmp`` becomes ``MNRAS``)."""

    bibstem = CodePointField(max_length=13, unique=True)
    note = models.TextField(blank=True)

    history = history()

    class Meta:
        ordering = ["bibstem"]

    def __str__(self):
        return self.bibstem
