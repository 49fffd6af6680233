"""Marks and findings on papers that are in the database."""

from django.conf import settings
from django.db import models

from harvest.models.rule import SearchRule
from publications.models import Paper
from publications.models.history import history


class TagReview(models.Model):
    """A paper was checked against a rule, as the rule stood then: a changed one asks anew.

    The history has what people judged; the job writes past it.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="tag_reviews")
    rule = models.ForeignKey(SearchRule, models.CASCADE, related_name="reviews")
    missing = models.BooleanField(
        default=False, help_text="the rule matches and the tag is absent: to be judged"
    )
    query = models.TextField(help_text="the rule's, when it was checked")
    reviewed_at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    history = history()

    class Meta:
        ordering = ["paper", "rule"]
        constraints = [models.UniqueConstraint(fields=["paper", "rule"], name="one_review_of_a_rule")]

    def __str__(self):
        return f"{self.rule} on {self.paper}"


class PaperFlag(models.Model):
    """Something that ADS says of a paper and a curator should look at."""

    class Kind(models.TextChoices):
        MERGE = "merge", "one paper with another of ours, says ADS"
        VANISHED = "vanished", "no longer known to ADS"
        RETRACTED = "retracted", "retracted"
        ERRATUM = "erratum", "an erratum, or has one"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=9, choices=Kind)
    other = models.ForeignKey(Paper, models.CASCADE, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["paper", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "kind", "other"], name="one_flag_with_another"),
            models.UniqueConstraint(
                fields=["paper", "kind"], condition=models.Q(other=None), name="one_flag_of_a_kind"
            ),
        ]

    def __str__(self):
        return f"{self.paper}: {self.get_kind_display()}"
