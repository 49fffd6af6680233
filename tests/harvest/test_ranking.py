"""The order of the queue, against points counted by hand from the table in docs/curators.md."""

import pytest
from django.utils import timezone

from harvest import curation
from harvest.models import Candidate, SearchRule
from harvest.ranking import evidence_points, rule_points

# References, citations and words of a candidate with an abstract → its points.
COUNTED_BY_HAND = [
    ({}, {}),
    ({"references": None, "citations": [], "words": ["VLTI"], "nearest": []}, {"words": 50}),
    ({"references": [], "citations": [], "words": ["VLTI"]}, {"references": -100, "words": 50}),
    ({"references": ["a"] * 3, "citations": ["b"], "words": []},
     {"references": 60, "citations": 20, "words": -50}),
    ({"references": ["a"] * 40, "citations": ["b"] * 40}, {"references": 200, "citations": 100}),
    ({"words": ["VLTI", "CHARA", "NPOI"], "nearest": [{"likeness": 0.4}, {"likeness": 0.25}]},
     {"words": 100, "nearest": 40}),
    # As rows of before hold it: numbers, of which 0 may mean that ADS had no list.
    ({"references": 0, "citations": 2, "words": ["VLTI"], "nearest": [{"bibcode": "x", "tags": []}]},
     {"citations": 40, "words": 50}),
]  # fmt: skip


@pytest.mark.parametrize(("evidence", "points"), COUNTED_BY_HAND)
def test_evidence_is_worth_what_the_table_says(evidence, points):
    assert evidence_points(evidence, abstract="Some text.") == points


def test_no_words_in_a_paper_without_abstract_say_nothing():
    assert evidence_points({"words": []}, abstract="") == {}


@pytest.mark.parametrize(
    ("accepted", "decided", "points"),
    [(0, 0, 0), (1, 1, 33), (0, 1, -33), (9, 10, 67), (0, 98, -98), (50, 100, 0)],
)
def test_rule_is_worth_its_precision_once_it_has_one(accepted, decided, points):
    assert rule_points(accepted, decided) == points


@pytest.fixture
def rules(db):
    return {rule.name: rule for rule in SearchRule.objects.all()}


def propose(bibcode, *matched, **columns):
    candidate = Candidate.objects.create(bibcode=bibcode, year=2020, **columns)
    candidate.rules.set(matched)
    return candidate


def decided(rule, status, number, curator):
    for n in range(number):
        propose(f"2019A&A...{status[0]}..{n:.>4}{rule.name[0]}", rule, status=status, decided_by=curator,
                decided_at=timezone.now())  # fmt: skip


@pytest.fixture
def past(rules, curator):
    decided(rules["VLTI"], "accepted", 8, curator)
    decided(rules["IACT"], "blocked", 8, curator)


def test_queue_goes_from_good_to_bad_evidence_with_the_unknown_in_the_middle(rules, past):
    good = propose("2020A&A...641A...1C", rules["VLTI"])
    better = propose("2020A&A...641A...2C", rules["VLTI"], points=60)
    bad = propose("2020A&A...641A...3C", rules["IACT"])
    unknown = propose("2020A&A...641A...4C")
    mixed = propose("2020A&A...641A...5C", rules["VLTI"], rules["IACT"], points=-10)

    Candidate.objects.rank()
    ranked = list(Candidate.objects.pending().ranked())

    assert ranked == [better, good, unknown, mixed, bad]
    assert [candidate.score for candidate in ranked] == [140, 80, 0, -10, -80]


def test_order_holds_still_until_it_is_ranked_anew(rules, past, curator):
    propose("2020A&A...641A...1C", rules["VLTI"])
    Candidate.objects.rank()
    decided(rules["VLTI"], "blocked", 2, curator)
    assert Candidate.objects.decisions_by_rule()[rules["VLTI"].pk] == (8, 10)
    assert Candidate.objects.pending().get().score == rule_points(8, 8)
    Candidate.objects.rank()
    candidate = Candidate.objects.pending().get()
    assert (candidate.score, candidate.points) == (rule_points(8, 10), 0)


def test_decided_candidates_keep_the_score_that_they_had(rules, past, curator):
    candidate = propose("2020A&A...641A...1C", rules["VLTI"], points=10)
    Candidate.objects.rank()
    curation.block(candidate, "only-cites", "", curator)
    Candidate.objects.rank()
    candidate.refresh_from_db()
    assert candidate.score == 10 + rule_points(8, 8)
