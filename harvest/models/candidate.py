"""Papers that somebody or a search proposed and nobody has judged yet."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Sum, Value, When
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

    def decisions_by_rule(self):
        """``{rule's id: (accepted, decided)}`` of the candidates that each rule matched."""
        matches = Candidate.rules.through.objects.exclude(candidate__status=Candidate.Status.PENDING)
        counted = (
            matches.order_by()
            .values_list("searchrule")
            .annotate(
                accepted=Count("pk", filter=Q(candidate__status=Candidate.Status.ACCEPTED)),
                decided=Count("pk"),
            )
        )
        return {rule: (accepted, decided) for rule, accepted, decided in counted}

    def ranked(self):
        """Best first, with their ``score``: the points of the evidence and of each rule that matched.

        A decision changes what a rule is worth, so that part is added when it is asked for.
        """
        worth = {rule: rule_points(*past) for rule, past in self.decisions_by_rule().items()}
        points = Case(*[When(searchrule=rule, then=Value(n)) for rule, n in worth.items()], default=Value(0))
        matches = Candidate.rules.through.objects.filter(candidate=OuterRef("pk")).order_by()
        of_rules = Subquery(matches.values("candidate").annotate(points=Sum(points)).values("points"))
        return self.annotate(score=F("points") + Coalesce(of_rules, 0)).order_by("-score", "pk")


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

    history = history(excluded_fields=["abstract", "evidence", "points"])
    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "bibcode"]
        indexes = [models.Index(fields=["status"], name="candidates_by_status")]
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

    @property
    def alike(self):
        """Candidates for which this is equal may be decided together: the same rules matched them.

        Those that no rule matched are alike in one journal.
        """
        rules = sorted(rule.pk for rule in self.rules.all())
        return " ".join(map(str, rules)) if rules else bibcodes.parse(self.bibcode).bibstem

    def weigh(self, evidence):
        """Take ``evidence`` and what it is worth; the abstract is set before."""
        self.evidence = evidence
        self.points = sum(evidence_points(evidence, self.abstract).values())

    def open_again(self):
        self.status, self.decided_by, self.decided_at = self.Status.PENDING, None, None
