"""The candidates of one page of the queue, as its table shows them."""

from dataclasses import dataclass

from harvest.models import Candidate, SearchRule
from harvest.models.rule import tags_of

AUTHORS = 3
SHOWN = ["bibcode", "title", "authors", "evidence", "suggested", "added_by", "postponed_until"]


@dataclass
class Row:
    """``rules``: those that matched; ``tags``: those that they suggest."""

    candidate: Candidate
    score: int
    rules: list
    tags: list

    @property
    def alike(self):
        return self.candidate.alike(self.rules)

    @property
    def people(self):
        """``A; B; C …``"""
        authors = self.candidate.authors
        return "; ".join(authors[:AUTHORS]) + (" …" if len(authors) > AUTHORS else "")

    @property
    def remarks(self):
        """What else there is to say of it: where it comes from, and until when it was put off."""
        candidate = self.candidate
        said = {
            "suggested by a visitor": candidate.suggested,
            "added by hand": candidate.added_by_id,
            f"postponed to {candidate.postponed_until}": candidate.postponed_until,
        }
        return [remark for remark, holds in said.items() if holds]


def rows_of(page):
    """The rows of ``(id, score)``, in this order.

    Read apart from the ranking, which would else sort their long texts too. A rule matched many of them and
    is read once.
    """
    candidates = Candidate.objects.only(*SHOWN).in_bulk([pk for pk, _ in page])
    matches = set(
        Candidate.rules.through.objects.filter(candidate__in=candidates).values_list(
            "candidate", "searchrule"
        )
    )
    rules = list(SearchRule.objects.filter(pk__in={rule for _, rule in matches}))
    tags = tags_of(rules)
    rows = []
    for pk, score in page:
        if pk in candidates:
            matched = [rule for rule in rules if (pk, rule.pk) in matches]
            suggested = dict.fromkeys(tags[rule.pk] for rule in matched if rule.pk in tags)
            rows.append(Row(candidates[pk], score, matched, list(suggested)))
    return rows
