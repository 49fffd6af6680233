"""How many papers of a selection carry each tag, stand in each journal, each year …, exactly.

Plain SQL needs half a second for 300,000 papers. So the columns that are counted are kept in
the memory of the process as arrays, read anew when the state of the data has changed; a
selection is a mask over them, and a count is one pass of numpy. Nothing else knows of the
arrays. Counts are kept in the cache by selection and state.
"""

import hashlib
import threading
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from django.core.cache import cache
from django.db import connection

from publications.models import Authorship, DataState, Paper, SourceRecord, TagAssignment, TargetLink

KEPT_SECONDS = 24 * 3600


@dataclass
class Counts:
    """Numbers of papers by primary key of tag and journal, by year, by word for the rest."""

    tags: dict = field(default_factory=dict)
    journals: dict = field(default_factory=dict)
    years: dict = field(default_factory=dict)
    refereed: dict = field(default_factory=dict)
    sources: dict = field(default_factory=dict)

    @property
    def papers(self):
        """How many papers there are: each has one year."""
        return sum(self.years.values())


class Columns:
    """The countable facts of all papers, at one state of the data.

    ``papers`` (n,) int64, ascending primary keys; ``year``, ``journal``, ``refereed``,
    ``citations`` (n,) beside it, refereed being 1, 0 or -1 for not known, citations -1 for not
    known; ``tag_row``, ``tag`` (m,): row of the paper and primary key of the tag of each
    assignment; ``source_row``, ``source`` (k,) likewise, the source as its place in `SOURCES`.
    What only figures count is read when one first asks for it.
    """

    def __init__(self):
        papers = Paper.objects.order_by("pk").values_list("pk", "year", "journal_id", "refereed", "citations")
        refereed = {True: 1, False: 0, None: -1}
        rows = columns_of(
            (
                (pk, year, journal, refereed[known], -1 if citations is None else citations)
                for pk, year, journal, known, citations in papers
            ),
            5,
        )
        self.papers, self.year, self.journal, self.refereed, self.citations = rows
        assignments = TagAssignment.objects.order_by().values_list("paper_id", "tag_id")
        self.tag_row, self.tag = self.beside_papers(assignments)
        known = SourceRecord.objects.filter(paper__isnull=False).order_by().values_list("paper_id", "source")
        self.source_row, self.source = self.beside_papers(
            (key, SOURCES.index(source)) for key, source in known.distinct()
        )

    @cached_property
    def authors(self):
        """(rows, primary keys of authors) of every place in a list of authors."""
        return self.beside_papers(Authorship.objects.order_by().values_list("paper_id", "author_id"))

    @cached_property
    def first_authors(self):
        first = Authorship.objects.filter(position=1).order_by()
        return self.beside_papers(first.values_list("paper_id", "author_id"))

    @cached_property
    def keywords(self):
        """(rows, primary keys of keywords)."""
        return self.beside_papers(
            Paper.keywords.through.objects.order_by().values_list("paper_id", "keyword_id")
        )

    @cached_property
    def targets(self):
        """(rows, primary keys of targets)."""
        return self.beside_papers(TargetLink.objects.order_by().values_list("paper_id", "target_id"))

    @cached_property
    def citations_on(self):
        """(rows, days as `date.toordinal` counts them) on which ADS gave the number of citations."""
        known = Paper.objects.filter(citations__isnull=False, citations_on__isnull=False).order_by()
        days = known.values_list("pk", "citations_on")
        return self.beside_papers((key, day.toordinal()) for key, day in days.iterator(chunk_size=20_000))

    def beside_papers(self, pairs):
        """(primary key, value) pairs as rows of ``papers`` and values; one added meanwhile is left out."""
        keys, values = columns_of(pairs, 2)
        rows = np.searchsorted(self.papers, keys)
        known = np.isin(keys, self.papers)
        return rows[known], values[known]

    def mask(self, keys):
        """Which papers have one of the primary keys ``keys``: (n,) bool."""
        return np.isin(self.papers, np.fromiter(keys, dtype=np.int64), assume_unique=True)

    def count(self, mask):
        """`Counts` of the papers where ``mask`` (n,) is true."""
        refereed = tally(self.refereed[mask])
        sources = tally(self.source[mask[self.source_row]])
        return Counts(
            tags=tally(self.tag[mask[self.tag_row]]),
            journals=tally(self.journal[mask]),
            years=tally(self.year[mask]),
            refereed={word: refereed[n] for word, n in (("yes", 1), ("no", 0)) if n in refereed},
            sources={SOURCES[place]: n for place, n in sources.items()},
        )

    def most_alike(self, key, tags, number, fewest=2):
        """Primary keys of the other papers that carry most of ``tags``, at least ``fewest`` of them.

        Of those that carry equally many, the latest first.
        """
        shared = np.bincount(self.tag_row[np.isin(self.tag, tags)], minlength=len(self.papers))
        shared[self.papers == key] = 0
        rows = np.flatnonzero(shared >= fewest)
        order = np.lexsort((self.papers[rows], -self.year[rows], -shared[rows]))[:number]
        return self.papers[rows[order]].tolist()


SOURCES = sorted(SourceRecord.Source.values)


def columns_of(rows, width):
    """``rows`` of whole numbers as ``width`` arrays."""
    flat = np.fromiter((value for row in rows for value in row), dtype=np.int64)
    return flat.reshape(-1, width).T.copy()


def tally(values):
    """``{value: how often}`` of an array."""
    found, counts = np.unique(values, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


class _Kept:
    """The columns of the last state seen by this process."""

    def __init__(self):
        self.lock, self.key, self.columns = threading.Lock(), None, None

    def at(self, state):
        # The database's name is part of the key: a process may see several (tests do).
        key = (connection.settings_dict["NAME"], state)
        with self.lock:
            if key != self.key:
                self.columns, self.key = Columns(), key
            return self.columns


_kept = _Kept()


def selected(papers, state, *, everything=False):
    """(columns, mask): the facts of all papers at ``state``, and which of them ``papers`` holds."""
    columns = _kept.at(state)
    if everything:
        return columns, np.ones(len(columns.papers), dtype=bool)
    return columns, columns.mask(papers.values_list("pk", flat=True).iterator(chunk_size=20_000))


def count(papers, *, everything=False):
    """`Counts` of the queryset ``papers``; ``everything`` says that no condition restricts it."""
    state = DataState.current().number
    papers = papers.order_by()
    sql, parameters = ("", ()) if everything else papers.values("pk").query.sql_with_params()
    address = hashlib.sha256(repr((sql, parameters)).encode()).hexdigest()
    key = f"facets:{connection.settings_dict['NAME']}:{state}:{address}"
    counts = cache.get(key)
    if counts is None:
        columns, mask = selected(papers, state, everything=everything)
        counts = columns.count(mask)
        cache.set(key, counts, KEPT_SECONDS)
    return counts


def most_alike(paper, tags, number):
    """Primary keys of the papers that share most of ``tags`` (primary keys) with ``paper``, best first."""
    return _kept.at(DataState.current().number).most_alike(paper.pk, list(tags), number) if tags else []
