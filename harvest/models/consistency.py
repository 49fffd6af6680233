"""What tags must agree with each other and with other databases, and who let a paper be an exception."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from harvest.conditions import BrokenCondition, read_conditions
from publications.models import Paper
from publications.models.fields import CodePointField
from publications.models.history import history


class ConsistencyRuleQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True)

    def with_waiver_counts(self):
        """Adds ``waived``: of how many papers the rule was waived."""
        return self.annotate(waived=models.Count("waivers"))


class ConsistencyRule(models.Model):
    """Papers that meet all of its conditions (`harvest.conditions`) are findings, but for the waived ones."""

    class Proposal(models.TextChoices):
        NOTHING = "", "nothing"
        TAG = "tag", "a tag"
        PARENTS = "parents", "the absent parents of its tags"
        CANDIDATE = "candidate", "a candidate"

    number = CodePointField(max_length=4, unique=True, help_text="as people call it: 3a")
    position = models.PositiveSmallIntegerField(default=0, help_text="order on the page")
    name = models.CharField(max_length=120)
    condition = models.TextField(
        help_text="one a line, all must hold: has tag …, no tag …, has category …, no category …, "
        "number of tags is …, a tag lacks all its parents, in OiDB, not in OiDB, not here"
    )
    proposes = models.CharField(max_length=9, choices=Proposal, blank=True, default=Proposal.NOTHING)
    tag_name = CodePointField(max_length=120, blank=True, help_text="the tag that it proposes")
    active = models.BooleanField(default=True)
    note = models.TextField(blank=True)

    history = history()
    objects = ConsistencyRuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "number"]

    def __str__(self):
        return f"{self.number} {self.name}"

    def clean(self):
        try:
            kinds = {condition.kind.name for condition in read_conditions(self.condition)}
        except BrokenCondition as error:
            raise ValidationError({"condition": str(error)}) from error
        if (self.proposes == self.Proposal.TAG) != bool(self.tag_name):
            raise ValidationError({"tag_name": "a rule that proposes a tag names it, and no other does"})
        if (self.proposes == self.Proposal.CANDIDATE) != ("NOT_HERE" in kinds):
            raise ValidationError(
                {"proposes": "a rule of papers that are not here proposes a candidate, and no other does"}
            )
        if self.proposes == self.Proposal.PARENTS and not kinds & {"ORPHAN", "HAS_CATEGORY"}:
            raise ValidationError(
                {"proposes": "parents of which tags? Say “has category …” or “a tag lacks all its parents”"}
            )

    @property
    def conditions(self):
        return read_conditions(self.condition)


class Waiver(models.Model):
    """A paper that may be as it is, for one rule; ``by`` is None when ADS's list said so."""

    rule = models.ForeignKey(ConsistencyRule, models.CASCADE, related_name="waivers")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="waivers")
    reason = models.CharField(max_length=250)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    history = history()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["rule", "paper"], name="one_waiver_of_a_rule")]

    def __str__(self):
        return f"{self.paper} from rule {self.rule.number}"


class Explanation(models.Model):
    """Why a bibcode may stay in the gap between another database and ours; ``gap`` is its slug."""

    gap = models.SlugField(max_length=40)
    bibcode = CodePointField(max_length=19)
    reason = models.CharField(max_length=250)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    history = history()

    class Meta:
        ordering = ["gap", "bibcode"]
        constraints = [models.UniqueConstraint(fields=["gap", "bibcode"], name="one_explanation_of_a_gap")]

    def __str__(self):
        return f"{self.bibcode} in {self.gap}"
