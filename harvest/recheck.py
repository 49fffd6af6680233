"""Check the tags of papers that are in: replay every rule, paper by paper and rule by rule."""

from collections import Counter

from django.db import transaction

from harvest.ads.client import MOST_ROWS, chunks
from harvest.consistency import Vocabulary
from harvest.jobs import recorded
from harvest.models import HarvestRun, SearchRule, TagReview
from harvest.rules import joined
from harvest.search_plan import LABELLING, SearchPlan
from publications.models import Identifier, Paper, TagAssignment


def labelling_rules():
    """The active rules that suggest a tag which the vocabulary has."""
    rules = SearchRule.objects.active().of_kind(*LABELLING).select_related("group")
    return [rule for rule in rules if rule.tag_name and rule.tag]


def recheck_tags(client, by=None):
    """Replay each rule on the papers that were not checked against it, as it stands now.

    A paper that has the tag, or that the rule does not match, is marked; one that misses the tag is listed
    (``missing``) until a curator adds the tag or dismisses it. Returns the `HarvestRun`.
    """
    with recorded(HarvestRun.Job.RECHECK, client, by) as run:
        plan = SearchPlan()
        rules = labelling_rules()
        for number, rule in enumerate(rules):
            run.progress(f"rule {rule.name}", number, len(rules))
            recheck_rule(client, run, plan, rule)
    return run


def recheck_rule(client, run, plan, rule):
    papers = unchecked(rule)
    if not papers:
        return
    query = joined(plan.labels[rule])
    matched, before = set(), sum(client.calls.values())
    for chunk in chunks(sorted(papers), MOST_ROWS):
        for record in client.look_up(chunk, "bibcode,identifier", query):
            matched |= {Identifier.key_of(name) for name in record.identifiers}
    calls = sum(client.calls.values()) - before
    run.queries.append({"rule": rule.name, "query": query, "found": len(matched), "calls": calls})
    by_key = dict(Identifier.objects.filter(paper__in=papers.values()).values_list("key", "paper_id"))
    matching = {by_key[key] for key in matched if key in by_key}
    with transaction.atomic():
        # What was judged, merged or tagged while ADS was asked stays as it is.
        list(rule.reviews.filter(missing=True).order_by("pk").select_for_update())
        papers = {bibcode: pk for bibcode, pk in unchecked(rule).items() if papers.get(bibcode) == pk}
        carrying = set(TagAssignment.objects.filter(tag=rule.tag).values_list("paper_id", flat=True))
        reviews = [
            TagReview(
                paper_id=paper,
                rule=rule,
                query=rule.looks_for,
                missing=paper in matching and paper not in carrying,
            )
            for paper in papers.values()
        ]
        TagReview.objects.bulk_create(
            reviews,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["paper", "rule"],
            update_fields=["missing", "query", "reviewed_at"],
        )
        run.new += sum(review.missing for review in reviews)
    run.found += len(matching)
    run.changed += len(papers)


def to_judge(rule, tag):
    """Reviews of ``rule`` that wait for a curator: the paper still lacks its ``tag`` (None: we lack it)."""
    reviews = rule.reviews.filter(missing=True)
    return (
        reviews.exclude(paper__in=TagAssignment.objects.filter(tag=tag).values("paper")) if tag else reviews
    )


def rules_to_judge():
    """``[(rule, tag, number of reviews)]`` of the rules with some to judge; the tag as in `to_judge`."""
    waiting = TagReview.objects.filter(missing=True).order_by().values_list("rule", "paper")
    rules = SearchRule.objects.in_bulk({rule for rule, _ in waiting})
    vocabulary = Vocabulary()
    tags = {key: vocabulary.find(rule.tag_name) for key, rule in rules.items()}
    given = TagAssignment.objects.filter(tag__in=[tag for tag in tags.values() if tag])
    carried = set(given.values_list("tag", "paper"))
    numbers = Counter(rule for rule, paper in waiting if (tags[rule] and tags[rule].pk, paper) not in carried)
    ordered = sorted(numbers, key=lambda key: (rules[key].kind, rules[key].name))
    return [(rules[key], tags[key], numbers[key]) for key in ordered]


def unchecked(rule):
    """Bibcode → id of the papers that were not checked against ``rule`` as it stands."""
    checked = TagReview.objects.filter(rule=rule, query=rule.looks_for, missing=False).values("paper")
    return dict(Paper.objects.exclude(pk__in=checked).values_list("bibcode", "pk"))
