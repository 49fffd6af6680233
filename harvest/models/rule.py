"""What we look for at ADS: queries that a curator edits, each with the tag that it suggests."""

from django.db import models

from publications.models import Tag
from publications.models.fields import CodePointField
from publications.models.history import history


class SoftwareGroup(models.Model):
    """Software of one kind: its own papers and its names; who cites or names them used it."""

    name = CodePointField(max_length=120, unique=True)
    tag_name = CodePointField(max_length=120, help_text="the hidden tag of papers that used it")
    description = models.TextField(blank=True)
    bibcodes = models.JSONField(default=list, blank=True, help_text="of the group's own papers")
    words = models.JSONField(default=list, blank=True, help_text="names to look for in full texts")

    history = history()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class SearchRuleQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True)

    def of_kind(self, *kinds):
        return self.filter(kind__in=kinds)


class SearchRule(models.Model):
    """A query in ADS's language.

    ``<olbin-refereed>`` stands for the ADS id of that library, ``<filtered-bibstems>`` for our list of them,
    ``<names>`` for every name that the active facility rules look for, ``<group>`` for the group's own
    papers and words.
    """

    class Kind(models.TextChoices):
        BASE = "base", "base: what every paper must meet"
        SUBTRACTION = "subtraction", "subtraction: what is never proposed"
        GLOBAL = "global", "global: brings in by itself, without the base"
        FACILITY = "facility", "facility: brings in, with the base"
        GROUP = "group", "software group: brings in, with the base"
        SECOND = "second", "second order: only labels what others found"
        MINER = "miner", "citation miner: what many papers here cite"

    kind = models.CharField(max_length=12, choices=Kind)
    name = CodePointField(max_length=120, unique=True)
    query = models.TextField(blank=True, help_text="in ADS's language; empty for a citation miner")
    tag_name = CodePointField(max_length=120, blank=True, help_text="the tag that it suggests")
    group = models.OneToOneField(SoftwareGroup, models.CASCADE, null=True, blank=True, related_name="rule")
    threshold = models.PositiveIntegerField(
        null=True, blank=True, help_text="miner: papers here that cite it"
    )
    years = models.PositiveIntegerField(
        null=True, blank=True, help_text="miner: only papers this recent count"
    )
    active = models.BooleanField(default=True)
    note = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    history = history()
    objects = SearchRuleQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self):
        return self.name

    @property
    def looks_for(self):
        """What changes when the rule or its software group does; a review is of this."""
        return " ".join([self.query, *self.group.bibcodes, *self.group.words]) if self.group else self.query

    @property
    def tag(self):
        """The tag that is suggested, also after it was renamed; None while the vocabulary lacks it."""
        return tags_of([self]).get(self.pk)


def tags_of(rules, vocabulary=None):
    """``{rule's id: its tag}`` of the rules whose tag may be given, also under a newer name.

    ``vocabulary``: every tag that may be given, where it was read already.
    """
    names = {rule.tag_name for rule in rules if rule.tag_name}
    to_give = Tag.objects.to_give().select_related("category")
    if vocabulary is None:
        vocabulary = to_give.filter(name_folded__in=[name.casefold() for name in names])
    found = {tag.name_folded: tag for tag in vocabulary}
    missing = [name for name in names if name.casefold() not in found]
    if missing:
        renamed = Tag.history.filter(name__in=missing).order_by("history_date").values_list("name", "id")
        keys = dict(renamed)
        tags = to_give.in_bulk(list(keys.values()))
        found |= {name.casefold(): tags[pk] for name, pk in keys.items() if pk in tags}
    return {rule.pk: found[name] for rule in rules if (name := rule.tag_name.casefold()) in found}
