"""What a curator does about a finding: add the tags that mend it, or let the paper be an exception."""

from harvest.consistency import Check
from harvest.curation import still_in_use
from harvest.models import ConsistencyRule, Waiver
from publications.models import Paper, TagAssignment
from publications.models.history import act, create_with_history, delete_with_history

FROM_ADS = "from ADS"


class CannotMend(Exception):
    """Nothing was changed; the message says why."""


def mend(rule, wanted, by):
    """Give papers tags that ``rule`` offers for them. Returns ``(act, papers)``: how many got a tag.

    ``wanted``: key of a paper → keys of tags. A paper that is no finding any more, or a tag that is not
    offered (any more), is left out: somebody else mended it.

    Raises
    ------
    CannotMend
        When nothing is left to add.
    CannotDecide
        When a tag was retired meanwhile.
    """
    with act(f"added tags: rule {rule}", by) as made:
        check = Check(rule)
        # Whoever mends the same papers waits here, and finds them mended.
        locked = (
            Paper.objects.select_for_update(no_key=True)
            .filter(pk__in=wanted)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        found = check.findings(check.rows.filter(pk__in=list(locked)))
        given = [
            TagAssignment(paper=finding.paper, tag=offer.tag, given_by=by)
            for finding in found
            for offer in finding.offers
            if offer.tag.pk in wanted[finding.paper.pk]
        ]
        if not given:
            raise CannotMend("nothing was added: no tag was chosen, or somebody mended it meanwhile")
        still_in_use(assignment.tag for assignment in given)
        create_with_history(TagAssignment, given)
    return made, len({assignment.paper_id for assignment in given})


def waive(rule, papers, reason, by):
    """Let ``papers`` (a queryset) be exceptions of ``rule``. Returns ``(act, papers)``, how many became one.

    Raises
    ------
    CannotMend
        Without a reason, or when all of them were exceptions before.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise CannotMend("say why: a waiver has a reason")
    if len(reason) > LONGEST_REASON:
        raise CannotMend(f"the reason has {len(reason)} characters; at most {LONGEST_REASON} are kept")
    with act(f"waived rule {rule}: {reason}", by) as made:
        ConsistencyRule.objects.select_for_update().get(pk=rule.pk)
        new = papers.exclude(pk__in=rule.waivers.values("paper"))
        waivers = [Waiver(rule=rule, paper=paper, reason=reason, by=by) for paper in new]
        if not waivers:
            first = rule.waivers.filter(paper__in=papers).select_related("by").first()
            raise CannotMend(
                f"waived by {first.by or 'ADS'} already: {first.reason}" if first else "no such paper"
            )
        create_with_history(Waiver, waivers)
    return made, len(waivers)


LONGEST_REASON = Waiver._meta.get_field("reason").max_length


def revoke(waivers, by):
    """The rules hold again for the papers of ``waivers`` (rows). Returns the `Act`."""
    with act(
        f"revoked {len(waivers)} waivers" if len(waivers) != 1 else f"revoked the waiver of {waivers[0]}", by
    ) as made:
        delete_with_history(waivers)
    return made


def waive_what_is_found(papers):
    """ADS's list says that ``papers`` are curated: waive the rules that find something today.

    Returns the papers of which nothing was found.
    """
    left = {paper.pk: paper for paper in papers}
    with act("waived: curated, says ADS"):
        waivers = []
        for rule in ConsistencyRule.objects.active().exclude(proposes=ConsistencyRule.Proposal.CANDIDATE):
            waivers += [
                Waiver(rule=rule, paper=paper, reason=FROM_ADS)
                for paper in Check(rule).rows.filter(pk__in=[paper.pk for paper in papers])
            ]
        create_with_history(Waiver, waivers)
    return [paper for pk, paper in left.items() if pk not in {waiver.paper_id for waiver in waivers}]
