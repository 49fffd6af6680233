"""A selection read once, in its own order and constant memory, with all that an export may say of a paper."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from publications.exports.rows import CHUNK, chunks
from publications.models import Authorship, Paper, Tag, TagAssignment, TargetLink

COLUMNS = [
    "bibcode", "title", "year", "pubdate", "journal__bibstem", "journal__name", "volume", "page", "doi",
    "arxiv", "refereed", "citations", "citations_on", "authors_complete", "added",
]  # fmt: skip


@dataclass(slots=True)
class Record:
    """One paper. ``authors``: (name, whether a collaboration) in order; the rest as `Paper` has it.

    ``authors_complete``: None when no author is known. ``tags``: (category, name, slug) in vocabulary
    order; ``targets``: names; ``updated``: when it was added or last got one of ``tags``, None when
    neither is known.
    """

    pk: int
    bibcode: str
    title: str
    year: int
    pubdate: str | None
    bibstem: str
    journal: str
    volume: str
    page: str
    doi: str
    arxiv: str
    refereed: bool | None
    citations: int | None
    citations_on: date | None
    authors_complete: bool | None
    added: datetime | None
    authors: list
    keywords: list
    tags: list
    targets: list
    updated: datetime | None

    def __post_init__(self):
        if not self.authors:
            self.authors_complete = None


def records(papers, categories):
    """Yield a `Record` for each of ``papers`` in their order, with the tags of ``categories`` only.

    Four queries for each chunk of papers, whatever is in it; no model instances, no abstracts.
    """
    vocabulary = vocabulary_of(categories)
    selection = papers.prefetch_related(None).values_list("pk", *COLUMNS)
    for chunk in chunks(selection.iterator(chunk_size=CHUNK), CHUNK):
        keys = [pk for pk, *_ in chunk]
        authors, keywords, targets = authors_of(keys), keywords_of(keys), targets_of(keys)
        tags, tagged = tags_of(keys, vocabulary)
        for pk, *values in chunk:
            yield Record(
                pk,
                *values,
                authors=authors.get(pk, []),
                keywords=keywords.get(pk, []),
                tags=[words for _, words in sorted(tags.get(pk, ()))],
                targets=targets.get(pk, []),
                updated=max(filter(None, [values[-1], tagged.get(pk)]), default=None),
            )


def vocabulary_of(categories):
    """``{tag id: (rank, (category, name, slug))}`` for the tags of ``categories``."""
    tags = Tag.objects.filter(category__in=list(categories)).order_by(
        "category__position", "category__name", "position", "name"
    )
    described = tags.values_list("pk", "category__name", "name", "slug")
    return {pk: (rank, tuple(words)) for rank, (pk, *words) in enumerate(described)}


def authors_of(keys):
    found = defaultdict(list)
    authorships = Authorship.objects.filter(paper__in=keys).order_by("paper", "position")
    for paper, *author in authorships.values_list("paper", "author__name", "author__collaboration"):
        found[paper].append(tuple(author))
    return found


def keywords_of(keys):
    found = defaultdict(list)
    keywords = Paper.keywords.through.objects.filter(paper__in=keys).order_by("paper", "keyword__name")
    for paper, name in keywords.values_list("paper", "keyword__name"):
        found[paper].append(name)
    return found


def targets_of(keys):
    found = defaultdict(list)
    links = TargetLink.objects.filter(paper__in=keys).order_by("paper", "target__slug")
    for paper, name in links.values_list("paper", "target__name"):
        found[paper].append(name)
    return found


def tags_of(keys, vocabulary):
    """``{paper: [(rank, words)]}``, and when each paper last got one of these tags."""
    tags, tagged = defaultdict(list), {}
    assignments = TagAssignment.objects.filter(paper__in=keys).order_by()
    for paper, tag, given_at in assignments.values_list("paper", "tag", "given_at"):
        if tag in vocabulary:
            tags[paper].append(vocabulary[tag])
            tagged[paper] = max(given_at, tagged.get(paper, given_at))
    return tags, tagged
