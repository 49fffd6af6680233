"""Papers that somebody or a search proposed and nobody has judged yet."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from harvest.ranking import evidence_points, rule_points
from publications import bibcode as bibcodes
from publications.models.fields import CodePointField
from publications.models.history import history
from publications.models.validators import validate_bibcode


class CandidateQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(status=Candidate.Status.PENDING)

    def waiting(self, on):
        """Pending ones that nobody put off beyond the date ``on``."""
        return self.pending().filter(Q(postponed_until=None) | Q(postponed_until__lte=on))

    def number_by_rule(self):
        """``{rule's id: how many of these candidates it matched}``."""
        matches = Candidate.rules.through.objects.filter(candidate__in=self.order_by().values("pk"))
        return dict(matches.order_by().values_list("searchrule").annotate(Count("pk")))

    def decisions_by_rule(self, rules=None):
        """``{rule's id: (accepted, decided)}`` of the candidates that it matched; of ``rules`` only."""
        of_these = Q(rules__isnull=False) if rules is None else Q(rules__in=rules)
        decided = self.filter(of_these, status__in=Candidate.DECIDED)
        numbers = (
            decided.order_by()
            .values_list("rules")
            .annotate(accepted=Count("pk", filter=Q(status=Candidate.Status.ACCEPTED)), decided=Count("pk"))
        )
        return {rule: (accepted, decided) for rule, accepted, decided in numbers}

    def ranked(self):
        """Best first, as they were ranked last."""
        return self.order_by("-score", "pk")

    def rank(self):
        """Give those that wait their score: the points of the evidence and of each rule that matched.

        Called when something was found, and not by each decision, which changes what a rule is worth:
        the order holds still while somebody decides.
        """
        matches = Candidate.rules.through.objects.filter(candidate=OuterRef("pk")).order_by()
        worth = matches.annotate(worth=SumOfWorths(Candidate.objects.decisions_by_rule())).values("worth")
        pending = self.pending().annotate(now=F("points") + Coalesce(Subquery(worth), 0))
        pending.exclude(score=F("now")).update(score=F("now"))


class SumOfWorths(Func):
    """What the rules of matches are worth, added up, in one ``CASE`` of plain numbers.

    As an aggregate of Django's it would group the few matches of each candidate.
    """

    output_field = models.IntegerField()

    def __init__(self, past):
        whens = "".join(f" WHEN {rule:d} THEN {rule_points(*decided):d}" for rule, decided in past.items())
        worth = f"CASE %(expressions)s{whens} ELSE 0 END" if past else "0"
        super().__init__("searchrule", template=f"SUM({worth})")


class Candidate(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", "pending"
        ACCEPTED = "accepted", "accepted"
        BLOCKED = "blocked", "blocked"

    DECIDED = [Status.ACCEPTED, Status.BLOCKED]

    bibcode = CodePointField(max_length=19, unique=True, validators=[validate_bibcode])
    title = models.TextField(blank=True)
    authors = models.JSONField(default=list, blank=True, help_text="names in order")
    year = models.PositiveSmallIntegerField()
    pubdate = CodePointField(max_length=10, null=True, blank=True)
    doi = CodePointField(max_length=250, blank=True)
    arxiv = CodePointField(max_length=40, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    identifiers = models.JSONField(default=list, blank=True, help_text="every form that ADS knows of it")
    journal = models.CharField(max_length=250, blank=True, help_text="its name, as ADS gives it")
    volume = models.CharField(max_length=60, blank=True)
    page = models.CharField(max_length=60, blank=True)
    abstract = models.TextField(blank=True)
    refereed = models.BooleanField(null=True, blank=True)
    citations = models.PositiveIntegerField(null=True, blank=True)
    rules = models.ManyToManyField("harvest.SearchRule", related_name="candidates", blank=True)
    evidence = models.JSONField(
        default=dict,
        blank=True,
        help_text="references, citations: papers here; words found; nearest: papers here with their tags",
    )
    points = models.IntegerField(
        default=0, editable=False, help_text="what the evidence is worth, in hundredths"
    )
    score = models.IntegerField(
        default=0, editable=False, help_text="points, and what the rules were worth when it was last ranked"
    )
    note = models.TextField(blank=True, help_text="what visitors and curators wrote")
    suggested = models.BooleanField(default=False, help_text="a visitor asked for it")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="who added it by hand",
    )
    postponed_until = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    found_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = history(excluded_fields=["abstract", "evidence", "points", "score"])
    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "bibcode"]
        # All that counts and ranks the queue: reading the rows themselves means reading their abstracts.
        indexes = [
            models.Index(
                fields=["status", "postponed_until", "score", "year", "bibcode", "suggested", "id"],
                name="candidates_in_the_queue",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="pending", decided_by__isnull=True, decided_at__isnull=True)
                | Q(status__in=["accepted", "blocked"], decided_by__isnull=False, decided_at__isnull=False),
                name="decided_means_by_whom_and_when",
            ),
        ]

    def __str__(self):
        return self.bibcode

    @property
    def names(self):
        """Every identifier, the present bibcode first."""
        return list(dict.fromkeys([self.bibcode, *self.identifiers, self.doi, self.arxiv]))

    def alike(self, rules):
        """Candidates for which this is equal may be decided together: the same ``rules`` matched them.

        Those that no rule matched are alike in one journal.
        """
        keys = sorted(rule.pk for rule in rules)
        return " ".join(map(str, keys)) if keys else bibcodes.parse(self.bibcode).bibstem

    def weigh(self, evidence):
        """Take ``evidence`` and what it is worth; the abstract is set before."""
        self.evidence = evidence
        self.points = sum(evidence_points(evidence, self.abstract).values())

    def open_again(self):
        self.status, self.decided_by, self.decided_at = self.Status.PENDING, None, None
