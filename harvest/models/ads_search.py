"""Searches at ADS whose result narrows the grid of tags."""

from django.conf import settings
from django.db import models

from harvest.models.run import HarvestRun
from publications.models import Paper


class AdsSearch(models.Model):
    """A query in ADS's language, and which papers here it found: none while ``answered_at`` is None."""

    query = models.TextField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)
    run = models.ForeignKey(HarvestRun, models.SET_NULL, null=True, related_name="+")
    papers = models.ManyToManyField(Paper, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name_plural = "ADS searches"

    def __str__(self):
        return self.query
