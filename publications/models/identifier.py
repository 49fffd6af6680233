"""The bibcodes, DOIs and arXiv ids of papers, and the lock that keeps each with one paper."""

import re

from django.db import connection, models

from publications.models.fields import CodePointField
from publications.models.search_text import reindex

# Of a lock in PostgreSQL; any number that no other lock has.
DOOR = 0x0B1B


def hold_the_door():
    """Until the present transaction ends, nobody else makes, identifies or proposes papers, or changes tags.

    So what was looked for and is not here does not come meanwhile, and tags that are here stay. Whoever
    locks several rows holds it first: two never wait for each other. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DOOR])


class Identifier(models.Model):
    """A bibcode, DOI or arXiv id that a paper has or ever had; it leads to one paper only."""

    paper = models.ForeignKey("publications.Paper", models.CASCADE, related_name="identifiers")
    value = CodePointField(max_length=250, help_text="as it was given")
    key = CodePointField(max_length=250, unique=True, editable=False)

    class Meta:
        ordering = ["value"]

    def __str__(self):
        return self.value

    @staticmethod
    def key_of(value):
        """Without case, and without what people write in front of an identifier."""
        key = value.strip().casefold()
        key = re.sub(
            r"^(?:https?://(?:dx\.)?doi\.org/|https?://arxiv\.org/(?:abs|pdf)/|doi:\s*|arxiv:\s*)", "", key
        )
        # An arXiv id may name a version; a paper is all its versions.
        return re.sub(r"^(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})v\d+$", r"\1", key)[:250]

    @classmethod
    def of(cls, paper, value):
        return cls(paper=paper, value=value, key=cls.key_of(value))

    def save(self, *args, **kwargs):
        self.key = self.key_of(self.value)
        super().save(*args, **kwargs)
        reindex([self.paper_id])
