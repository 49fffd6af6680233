"""Check the tags of papers that are in: replay every rule, paper by paper and rule by rule."""

from django.db import transaction

from harvest.ads.client import MOST_ROWS, chunks
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
    matched = set()
    for chunk in chunks(sorted(papers), MOST_ROWS):
        for record in client.look_up(chunk, "bibcode,identifier", query):
            matched |= {Identifier.key_of(name) for name in record.identifiers}
    run.queries.append({"rule": rule.name, "query": query, "found": len(matched)})
    by_key = dict(Identifier.objects.filter(paper__in=papers.values()).values_list("key", "paper_id"))
    matching = {by_key[key] for key in matched if key in by_key}
    with transaction.atomic():
        # What is carried now, not when the search began.
        carrying = set(TagAssignment.objects.filter(tag=rule.tag).values_list("paper_id", flat=True))
        for paper in papers.values():
            missing = paper in matching and paper not in carrying
            TagReview.objects.update_or_create(
                paper_id=paper, rule=rule, defaults={"missing": missing, "query": rule.query}
            )
            run.new += missing
    run.found += len(matching)
    run.changed += len(papers)


def unchecked(rule):
    """Bibcode → id of the papers that were not checked against ``rule`` as it stands."""
    checked = TagReview.objects.filter(rule=rule, query=rule.query, missing=False).values("paper")
    return dict(Paper.objects.exclude(pk__in=checked).values_list("bibcode", "pk"))
