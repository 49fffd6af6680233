"""The candidates of one page of the queue, as its table shows them."""

from dataclasses import dataclass

from harvest.models import Candidate, SearchRule
from harvest.models.rule import tags_of

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
