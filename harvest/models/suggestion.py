"""What visitors tell the curators."""

from django.db import models

from publications.models import Paper


class SuggestionQuerySet(models.QuerySet):
    def to_look_up(self):
        """Missing papers whose identifier nobody has looked up at ADS yet."""
        return self.filter(kind=Suggestion.Kind.MISSING, settled=False, answer="")


class Suggestion(models.Model):
    """Nothing of the visitor is kept but the words."""

    class Kind(models.TextChoices):
        MISSING = "missing", "a paper is missing"
        TAG = "tag", "a tag is wrong or missing"
        TARGET = "target", "a target is wrong or missing"

    kind = models.CharField(max_length=7, choices=Kind)
    identifier = models.CharField(max_length=250, help_text="a bibcode, DOI or arXiv id")
    text = models.TextField(blank=True)
    paper = models.ForeignKey(Paper, models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True, help_text="what ADS knows of it")
    settled = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.identifier}"
