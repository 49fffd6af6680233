"""A candidate's evidence as a page shows it, with the papers here as they are now."""

from dataclasses import dataclass, field

from harvest.models import SearchRule
from harvest.rules import names_of
from publications.models import Identifier, Paper, TagAssignment


@dataclass
class Near:
    """``likeness``: 0 … 1, None in older rows."""

    paper: Paper
    likeness: float | None
    tags: list = field(default_factory=list)


class Shown:
    """``references``, ``citations``: papers here, or bibcodes that lead nowhere any more.

    ``number_of``: how many each were; None is not known. Older rows hold the numbers only.
    ``vocabulary``: `vocabulary_to_give`; the nearest papers are shown with those of its tags that they carry.
    """

    def __init__(self, evidence, vocabulary):
        self.words = evidence.get("words", [])
        found = {name: evidence.get(name) for name in ("references", "citations")}
        self.number_of = {name: len(some) if isinstance(some, list) else some for name, some in found.items()}
        listed = {name: some if isinstance(some, list) else [] for name, some in found.items()}
        nearest = evidence.get("nearest", [])
        papers = papers_by_bibcode(
            [*listed["references"], *listed["citations"], *(one["bibcode"] for one in nearest)]
        )
        self.references = [papers.get(bibcode, bibcode) for bibcode in listed["references"]]
        self.citations = [papers.get(bibcode, bibcode) for bibcode in listed["citations"]]
        self.nearest = [
            Near(papers[one["bibcode"]], one.get("likeness")) for one in nearest if one["bibcode"] in papers
        ]
        near = [near.paper.pk for near in self.nearest]
        given = set(TagAssignment.objects.filter(paper__in=near).values_list("paper", "tag"))
        for near in self.nearest:
            near.tags = [tag for pk, tag in vocabulary.items() if (near.paper.pk, pk) in given]

    def tags_near(self):
        """Ids of the tags that the nearest papers carry."""
        return {tag.pk for near in self.nearest for tag in near.tags}


def papers_by_bibcode(bibcodes):
    """``{bibcode: paper}``, as far as a link needs it; also by bibcodes that papers had before."""
    keys = {bibcode: Identifier.key_of(bibcode) for bibcode in bibcodes}
    found = Identifier.objects.filter(key__in=keys.values()).select_related("paper")
    found = found.only("key", "paper__bibcode", "paper__title")
    by_key = {identifier.key: identifier.paper for identifier in found}
    return {bibcode: by_key[key] for bibcode, key in keys.items() if key in by_key}


def words_looked_for():
    """The names in the active rules as a query whose words are marked; dates in quotes are none."""
    names = names_of(SearchRule.objects.active().values_list("query", flat=True))
    return " OR ".join(f'"{name}"' for name in names if not name[0].isdigit())
