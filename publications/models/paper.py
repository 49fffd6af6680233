"""Papers, their journals and keywords."""

import re
from datetime import UTC, datetime, time, timedelta

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Coalesce
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.urls import reverse

from publications import bibcode as bibcodes
from publications.folding import fold
from publications.models.author import Authorship
from publications.models.fields import CodePointField
from publications.models.history import history
from publications.models.identifier import Identifier
from publications.models.search_text import reindex
from publications.models.tag import Tag, TagAssignment
from publications.models.validators import validate_bibcode

PUBDATE = re.compile(r"\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])")
# Sorts behind every folded text, which has only a-z, 0-9 and spaces.
UNKNOWN = "~"


class Journal(models.Model):
    bibstem = CodePointField(max_length=13, unique=True)
    name = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["bibstem"]

    def __str__(self):
        return self.name or self.bibstem

    def get_absolute_url(self):
        return reverse("publications:journal", args=[self.bibstem])


class Keyword(models.Model):
    name = CodePointField(max_length=200, unique=True)
    folded = CodePointField(max_length=250, db_index=True, editable=False)

    class Meta:
        ordering = ["folded", "name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        renamed = not self._state.adding
        super().save(*args, **kwargs)
        if renamed:
            reindex(self.papers.values_list("pk", flat=True))

    @classmethod
    def spelled(cls, name):
        return cls(name=name[:200], folded=fold(name)[:250])


class PaperQuerySet(models.QuerySet):
    """The verbs of a selection. Each can follow any other; none repeats a paper."""

    def with_identifier(self, identifier):
        """Papers that have, or ever had, this bibcode, DOI or arXiv id."""
        return self.filter(identifiers__key=Identifier.key_of(identifier))

    def tagged_with_all(self, tags):
        """Papers that carry every one of ``tags`` (AND, not OR).

        One sub-query for each tag: ``filter(tags__in=tags)`` would mean OR and repeat rows.
        """
        papers = self
        for tag in tags:
            papers = papers.filter(pk__in=TagAssignment.objects.filter(tag=tag).values("paper"))
        return papers

    def tagged_with_any(self, tags):
        return self.filter(pk__in=TagAssignment.objects.filter(tag__in=list(tags)).values("paper"))

    def tagged_with_none(self, tags):
        return self.exclude(pk__in=TagAssignment.objects.filter(tag__in=list(tags)).values("paper"))

    def tagged_in(self, category):
        """Papers with at least one tag of ``category``."""
        return self.filter(pk__in=TagAssignment.objects.filter(tag__category=category).values("paper"))

    def with_number_of_tags(self, number):
        """Papers with exactly so many tags, hidden ones too."""
        counted = TagAssignment.objects.order_by().values("paper").annotate(tags=models.Count("pk"))
        if number == 0:
            return self.exclude(pk__in=counted.values("paper"))
        return self.filter(pk__in=counted.filter(tags=number).values("paper"))

    def with_an_orphan_tag(self):
        """Papers with a tag that has parents, none of which the paper carries."""
        parents = Tag.parents.through.objects
        carried = TagAssignment.objects.filter(paper=models.OuterRef("paper"))
        present = carried.filter(
            tag__in=parents.filter(from_tag=models.OuterRef(models.OuterRef("tag"))).values("to_tag")
        )
        orphans = TagAssignment.objects.filter(tag__in=parents.values("from_tag")).exclude(
            models.Exists(present)
        )
        return self.filter(pk__in=orphans.values("paper"))

    def by_author_key(self, key):
        """Papers by any author whose spelling belongs to ``key``."""
        return self.filter(pk__in=Authorship.objects.filter(author__key=key).values("paper"))

    def with_author_count(self, fewest, most=None):
        """Papers whose complete list of authors has ``fewest`` to ``most`` names; None: no upper limit."""
        papers = self.filter(
            authors_complete=True, pk__in=Authorship.objects.filter(position=fewest).values("paper")
        )
        if most is None:
            return papers
        return papers.exclude(pk__in=Authorship.objects.filter(position=most + 1).values("paper"))

    def with_keyword(self, keyword):
        """Papers with this keyword as a whole, whatever its accents and case."""
        return self.filter(
            pk__in=Paper.keywords.through.objects.filter(keyword__folded=fold(keyword)).values("paper")
        )

    def linked_to(self, targets):
        """Papers linked to at least one of ``targets``, a list or a queryset."""
        return self.filter(pk__in=Paper.targets.through.objects.filter(target__in=targets).values("paper"))

    def with_known_position(self):
        """Papers linked to a target whose position is known."""
        links = Paper.targets.through.objects.filter(target__dec__isnull=False)
        return self.filter(pk__in=links.values("paper"))

    def in_source(self, source):
        """Papers that another database (`SourceRecord.Source`) lists."""
        listed = Paper.objects.filter(source_records__source=source)
        return self.filter(pk__in=listed.values("pk"))

    def not_in_source(self, source):
        return self.exclude(pk__in=Paper.objects.filter(source_records__source=source).values("pk"))

    def catalogues(self):
        """Papers that SIMBAD links to very many objects (`SimbadReading.catalogue`)."""
        return self.filter(simbad_reading__catalogue=True)

    def without_catalogues(self):
        return self.exclude(simbad_reading__catalogue=True)

    def sharing_targets_with(self, paper):
        """Other papers linked to a target of ``paper``, those that share most first.

        Papers linked to very many targets are catalogues: what they share says little.
        """
        shared = models.Count("target_links", filter=Q(target_links__target__in=paper.targets.all()))
        return (
            self.filter(target_links__target__in=paper.targets.all())
            .exclude(pk=paper.pk)
            .annotate(shared=shared)
            .order_by("-shared", "-sort_date", "bibcode")
        )

    def in_the_order_of(self, keys):
        """The papers of these primary keys, in their order."""
        places = [models.When(pk=key, then=place) for place, key in enumerate(keys)]
        return self.filter(pk__in=keys).order_by(models.Case(*places)) if places else self.none()

    def untagged_in(self, category):
        """Papers without any tag of ``category``."""
        return self.exclude(pk__in=TagAssignment.objects.filter(tag__category=category).values("paper"))

    def published_between(self, first=None, last=None):
        """Papers of the years ``first`` to ``last``, both included; None leaves a side open."""
        papers = self if first is None else self.filter(year__gte=first)
        return papers if last is None else papers.filter(year__lte=last)

    def added_between(self, first=None, last=None):
        """Papers that entered the database on the days ``first`` to ``last`` (UTC), both included."""
        papers = self if first is None else self.filter(added__gte=day_start(first))
        return papers if last is None else papers.filter(added__lt=day_start(last, after=1))

    def added_before(self, day):
        return self.filter(added__lt=day_start(day))

    def latest_added(self):
        """Those whose day of entry is known, the last first; an index answers this on both databases."""
        return self.filter(added__isnull=False).order_by("-added", "bibcode")

    def sorted_by(self, order):
        """In one of `ORDERS`; ties by bibcode, nothing known last, the same on every database."""
        return self.order_by(*ORDERS[order], "bibcode")

    def for_page(self, user=None):
        """With authors, journal and the tags that ``user`` sees, in a fixed number of queries."""
        assignments = TagAssignment.objects.visible_to(user).select_related("tag__category")
        return self.select_related("journal").prefetch_related(
            Prefetch("authorships", Authorship.objects.select_related("author").order_by("position")),
            Prefetch("assignments", assignments.in_vocabulary_order()),
        )

    def for_list(self, user=None):
        """As `for_page`, without the long text that a list does not show."""
        return self.for_page(user).defer("abstract")


def day_start(day, after=0):
    """Midnight (UTC) at the beginning of the date ``day``, or of the ``after``-th day behind it."""
    return datetime.combine(day, time(), UTC) + timedelta(days=after)


# What the parameter `sort` offers; "added" and citations may be unknown.
ORDERS = {
    "-date": ["-sort_date"],
    "date": ["sort_date"],
    "-citations": [Coalesce("citations", -1).desc()],
    "author": ["sort_author"],
    "title": ["sort_title"],
    "-added": [F("added").desc(nulls_last=True)],
}


class Paper(models.Model):
    """A publication. Nothing creates one but a curator's accept and an import."""

    class Notice(models.TextChoices):
        RETRACTED = "retracted", "retracted"
        ERRATUM = "erratum", "an erratum"
        CORRECTED = "corrected", "has an erratum"

    bibcode = CodePointField(max_length=19, unique=True, validators=[validate_bibcode])
    title = models.TextField(blank=True, help_text="as ADS gives it; may hold HTML markup")
    year = models.PositiveSmallIntegerField(
        help_text="of publication; the bibcode's when nothing better is known"
    )
    pubdate = CodePointField(
        max_length=10,
        null=True,
        blank=True,
        validators=[RegexValidator(rf"\A{PUBDATE.pattern}\Z", "YYYY-MM-DD, with 00 for unknown parts")],
        help_text="YYYY-MM-DD, 00 for unknown parts",
    )
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="papers")
    volume = models.CharField(max_length=60, blank=True)
    page = models.CharField(max_length=60, blank=True)
    doi = CodePointField(max_length=250, blank=True)
    arxiv = CodePointField(max_length=40, blank=True)
    abstract = models.TextField(
        blank=True, help_text="the publisher's text: searched and shown, never exported"
    )
    refereed = models.BooleanField(null=True, blank=True, help_text="empty: not known")
    citations = models.PositiveIntegerField(null=True, blank=True, help_text="ADS's count; empty: not known")
    citations_on = models.DateField(null=True, blank=True, help_text="when ADS said so")
    notice = models.CharField(max_length=9, blank=True, choices=Notice, help_text="as ADS tells it")
    notice_bibcode = CodePointField(max_length=19, blank=True, help_text="of the retraction or erratum")
    authors_complete = models.BooleanField(default=True, help_text="no: the source stopped at “et al.”")
    added = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="date of entry (UTC); empty: not known"
    )
    details_read = models.DateTimeField(null=True, blank=True, help_text="last read from ADS; empty: never")

    keywords = models.ManyToManyField(Keyword, related_name="papers", blank=True)
    tags = models.ManyToManyField(Tag, through=TagAssignment, related_name="papers")

    # What the lists are sorted by, filled by `derive`.
    sort_date = CodePointField(max_length=10, editable=False)
    sort_author = CodePointField(max_length=120, editable=False, default=UNKNOWN)
    sort_title = CodePointField(max_length=120, editable=False, default=UNKNOWN)

    history = history(excluded_fields=["abstract", "sort_date", "sort_author", "sort_title"])
    # Counted and dated anew at ADS without a line of history.
    COUNTED = {"citations", "citations_on", "details_read"}
    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["bibcode"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pubdate__isnull=True) | Q(pubdate__regex=rf"^{PUBDATE.pattern}$"),
                name="pubdate_is_a_date",
            ),
            models.CheckConstraint(condition=Q(year__gte=1400, year__lte=2100), name="year_is_a_year"),
        ]
        indexes = [
            models.Index(fields=["-sort_date", "bibcode"], name="paper_by_date"),
            models.Index(fields=["sort_date", "bibcode"], name="paper_by_date_up"),
            models.Index(fields=["sort_author", "bibcode"], name="paper_by_author"),
            models.Index(fields=["sort_title", "bibcode"], name="paper_by_title"),
            models.Index(Coalesce("citations", -1).desc(), "bibcode", name="paper_by_citations"),
            models.Index(fields=["year"], name="paper_by_year"),
        ]

    def __str__(self):
        return self.bibcode

    def save(self, *args, **kwargs):
        self.derive()
        super().save(*args, **kwargs)
        Identifier.objects.bulk_create(
            [Identifier.of(self, value) for value in self.present_identifiers()], ignore_conflicts=True
        )
        reindex([self.pk])

    def get_absolute_url(self):
        return reverse("publications:paper", args=[self.bibcode])

    def derive(self, first_author=None):
        """Fill what follows from other columns; ``first_author`` (a name) only when it changed."""
        self.sort_date = self.pubdate or f"{self.year}-00-00"
        self.sort_title = fold(self.title)[:120].strip() or UNKNOWN
        if first_author is not None:
            self.sort_author = fold(first_author)[:120].strip() or UNKNOWN

    def present_identifiers(self):
        return [value for value in (self.bibcode, self.doi, self.arxiv) if value]

    @property
    def bare(self):
        """Whether nothing is known but the bibcode and what can be read from it."""
        return not self.title

    @property
    def author_names(self):
        """Names in order, for papers loaded by `for_list`."""
        return [authorship.author.name for authorship in self.authorships.all()]


@receiver(m2m_changed, sender=Paper.keywords.through)
def reindex_keywords(instance, action, pk_set, **kwargs):
    """Keywords given or taken through either side; a keyword cannot be cleared of its papers."""
    if action.startswith("post_"):
        reindex([instance.pk] if isinstance(instance, Paper) else pk_set or [])


def described_by_bibcode(bibcode):
    """The columns of a paper of which only the bibcode is known: year, bibstem, volume, page."""
    read = bibcodes.parse(bibcode)
    return {"year": read.year, "bibstem": read.bibstem, "volume": read.volume or "", "page": read.page or ""}
