"""Lists of papers that curators add by hand."""

from django.conf import settings
from django.db import models
from django.template.defaultfilters import pluralize

from harvest.models.run import HarvestRun


class PastedListQuerySet(models.QuerySet):
    def waiting(self):
        """Those that ADS was not asked about yet."""
        return self.filter(resolved_at=None)


class PastedList(models.Model):
    """What a curator pasted, kept until ADS has been asked, whatever goes wrong in between.

    An entry has ``line``, ``written`` and ``identifiers`` as `harvest.pasted` reads them; ``found`` is the
    bibcode that ADS gave for it, empty when ADS does not know it, absent while it was not asked;
    ``new`` is true when that made a candidate.
    """

    entries = models.JSONField(default=list)
    problems = models.JSONField(default=list, help_text="lines that could not be read")
    why = models.TextField(blank=True, help_text="for whoever decides")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    run = models.ForeignKey(HarvestRun, models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    objects = PastedListQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        number = len(self.entries)
        return f"{number} paper{pluralize(number)} pasted by {self.by} on {self.made_at:%Y-%m-%d}"
