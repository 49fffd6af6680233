"""What other databases say of papers: OiDB, JMDC, ESO telbib. Written by the harvest."""

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Lower

from publications.models.fields import CodePointField
from publications.models.identifier import Identifier
from publications.models.paper import Paper


class SourceRecordQuerySet(models.QuerySet):
    def of(self, source):
        return self.filter(source=source)

    def missing_here(self):
        """Records of papers that are not ours."""
        return self.filter(paper=None)

    def link(self):
        """Tie records to the papers that have their bibcode by now; returns how many were tied."""
        having = Identifier.objects.filter(key=Lower(OuterRef("bibcode")))
        found = self.missing_here().filter(Exists(having))
        return found.update(paper=Subquery(having.values("paper")[:1]))


class SourceRecord(models.Model):
    """A bibcode in another database's list; ``paper`` is empty while it is not one of ours."""

    class Source(models.TextChoices):
        OIDB = "oidb", "OiDB"
        JMDC = "jmdc", "JMDC"
        TELBIB = "telbib", "ESO telbib"

    source = models.CharField(max_length=6, choices=Source)
    bibcode = CodePointField(max_length=19)
    paper = models.ForeignKey(Paper, models.SET_NULL, null=True, blank=True, related_name="source_records")
    interferometric = models.BooleanField(default=True, help_text="JMDC also lists occultations and others")
    seen_at = models.DateTimeField(auto_now=True)

    objects = SourceRecordQuerySet.as_manager()

    class Meta:
        ordering = ["source", "bibcode"]
        constraints = [models.UniqueConstraint(fields=["source", "bibcode"], name="one_record_of_a_source")]

    def __str__(self):
        return f"{self.bibcode} in {self.get_source_display()}"
