"""What the search reads: the folded text of every paper, and the words that occur.

`SearchText` is filled by `reindex` alone, which every door that writes papers calls. What each
database needs to find words fast (`publications.models.search_index`) follows from its rows
inside the database, so that it cannot be out of step with them.
"""

from collections import defaultdict

from django.db import models, transaction

from publications.bibcode import is_bibcode
from publications.folding import LONGEST_WORD, trigrams, words_of
from publications.models.fields import CodePointField

BATCH = 1000
# Between the values of a column: no phrase reaches from one keyword or author into the next.
BETWEEN = " | "


def column(values):
    """One column of the index, of several lists of words. It begins and ends with a space."""
    return f" {BETWEEN.join(' '.join(words) for words in values if words)} "


class SearchText(models.Model):
    """The folded text of a paper: words with one space between them, values with `BETWEEN`."""

    paper = models.OneToOneField(
        "publications.Paper", models.CASCADE, primary_key=True, related_name="search_text"
    )
    title = models.TextField()
    abstract = models.TextField()
    keywords = models.TextField()
    authors = models.TextField()
    first_author = models.TextField()
    year = models.TextField()
    bibcodes = models.TextField(help_text="trigrams of the bibcodes, present and old")

    COLUMNS = ["title", "abstract", "keywords", "authors", "first_author", "year", "bibcodes"]

    def __str__(self):
        return f"search text of paper {self.paper_id}"


class KnownWord(models.Model):
    """A word of a title or of an author's name: what a misspelled one may have meant.

    A word stays when its last paper goes; a suggestion is tried before it is made.
    """

    word = CodePointField(max_length=LONGEST_WORD, primary_key=True)

    def __str__(self):
        return self.word


def reindex(paper_ids):
    """Bring the search up to date with these papers, in the caller's transaction.

    Every door that writes papers, their authors, keywords or identifiers calls this once with
    all that it wrote: about four queries for a thousand papers. Deleted papers need no call.
    """
    paper_ids = list(paper_ids)
    for start in range(0, len(paper_ids), BATCH):
        with transaction.atomic():
            reindex_batch(paper_ids[start : start + BATCH])


def reindex_batch(paper_ids):
    rows = search_texts(paper_ids)
    SearchText.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["paper"],
        update_fields=SearchText.COLUMNS,
    )
    remember_words(rows)


def search_texts(paper_ids):
    """Unsaved `SearchText` rows of the papers that exist among ``paper_ids``."""
    from publications.models.author import Authorship
    from publications.models.identifier import Identifier
    from publications.models.paper import Paper

    authors, keywords, bibcodes = defaultdict(list), defaultdict(list), defaultdict(list)
    written = Authorship.objects.filter(paper__in=paper_ids).order_by("paper", "position")
    for paper, name in written.values_list("paper", "author__folded"):
        authors[paper].append(words_of(name))
    carried = Paper.keywords.through.objects.filter(paper__in=paper_ids).order_by("paper", "keyword__folded")
    for paper, name in carried.values_list("paper", "keyword__folded"):
        keywords[paper].append(words_of(name))
    known = Identifier.objects.filter(paper__in=paper_ids).order_by("paper", "key")
    for paper, value in known.values_list("paper", "value"):
        if is_bibcode(value):
            bibcodes[paper].append(trigrams(value))
    papers = Paper.objects.filter(pk__in=paper_ids).order_by("pk")
    return [
        SearchText(
            paper_id=pk,
            title=column([words_of(title)]),
            abstract=column([words_of(abstract)]),
            keywords=column(keywords[pk]),
            authors=column(authors[pk]),
            first_author=column(authors[pk][:1]),
            year=column([[str(year)]]),
            bibcodes=column(bibcodes[pk]),
        )
        for pk, title, abstract, year in papers.values_list("pk", "title", "abstract", "year")
    ]


def remember_words(rows):
    """Add the words of titles and names that a reader may misspell to `KnownWord`."""
    words = {word for row in rows for text in (row.title, row.authors) for word in text.split()}
    words = {word for word in words if len(word) > 3 and word.isalpha()}
    new = words - set(KnownWord.objects.filter(pk__in=words).values_list("pk", flat=True))
    KnownWord.objects.bulk_create(
        [KnownWord(word) for word in sorted(new)], ignore_conflicts=True, batch_size=BATCH
    )
