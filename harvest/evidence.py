"""Why something was proposed: references from and to papers here, words, the nearest papers here."""

from collections import Counter, defaultdict
from math import log

from publications.folding import fold
from publications.models import Paper, TagAssignment

NEAREST = 3


class Evidence:
    """Compares records with the papers here; reads them once.

    ``names``: the words and phrases that the search rules look for.
    """

    def __init__(self, known, names):
        self.known = known
        self.names = {name: f" {fold(name)} " for name in names}
        self.papers_with = defaultdict(set)
        self.bibcodes = {}
        self.tags = defaultdict(list)
        assigned = TagAssignment.objects.public().in_vocabulary_order()
        for paper, name in assigned.values_list("paper_id", "tag__name"):
            self.tags[paper].append(name)
        keywords = defaultdict(list)
        for paper, name in Paper.keywords.through.objects.values_list("paper_id", "keyword__folded"):
            keywords[paper].append(name)
        for pk, bibcode, title in Paper.objects.values_list("pk", "bibcode", "title"):
            self.bibcodes[pk] = bibcode
            for word in set(fold(title).split()).union(*(name.split() for name in keywords[pk])):
                self.papers_with[word].add(pk)

    def of(self, record):
        """The evidence for an `AdsRecord`, as it is stored.

        ``references``, ``citations``: bibcodes of papers here; None when ADS has no list of references.
        ``likeness`` of a near paper: 0 … 1.
        """
        return self.learnt(record) | {"nearest": self.nearest(record)}

    def learnt(self, record):
        """The part that changes while a candidate waits: ADS learns references late, papers come in here."""
        return {
            "references": self.papers_among(record.references) if record.references else None,
            "citations": self.papers_among(record.citations),
            "words": self.words(record),
        }

    def papers_among(self, identifiers):
        return sorted(self.bibcodes[pk] for pk in self.known.papers_among(identifiers))

    def words(self, record):
        text = " ".join([record.title, record.abstract, *record.keywords])
        text = f" {fold(text)} "
        return [name for name, folded in self.names.items() if folded in text]

    def nearest(self, record):
        """Papers here that share the rarest words of title and keywords, with their public tags.

        The likeness is the share of the record's words that a paper has, the rare ones weighing more.
        """
        score, whole = Counter(), 0
        for word in set(fold(" ".join([record.title, *record.keywords])).split()):
            papers = self.papers_with.get(word, ())
            # A word that one paper in five has says nothing.
            if len(papers) > max(5, len(self.bibcodes) / 5):
                continue
            weight = log(max(len(self.bibcodes), 1) / max(len(papers), 1)) + 0.01
            whole += weight
            for pk in papers:
                score[pk] += weight
        best = sorted(score, key=lambda pk: (-score[pk], self.bibcodes[pk]))[:NEAREST]
        return [
            {"bibcode": self.bibcodes[pk], "tags": self.tags[pk], "likeness": round(score[pk] / whole, 2)}
            for pk in best
        ]
