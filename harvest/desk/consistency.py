"""``/admin/consistency/``: what each rule finds, and for each finding the tags that mend it or a waiver."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from harvest import mending
from harvest.consistency import Check, overview
from harvest.curation import CannotDecide
from harvest.desk.answers import done_before, key_of, outcome, refusal, require, undo_own
from harvest.models import ConsistencyRule
from publications.models import Paper
from publications.models.history import act

ON_A_PAGE = 50
IN_A_PREVIEW = 200


@require_safe
def rules(request):
    seen = overview()
    context = {"counts": seen.counts, "papers": seen.papers, "missing": seen.missing}
    return render(request, "admin/desk/consistency.html", request.desk | context)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request, number):
    """The findings of one rule; a POST does one of `ACTIONS`."""
    shown = get_object_or_404(ConsistencyRule, number=number)
    back = reverse("admin:consistency-rule", args=[shown.number])
    if request.method == "POST":
        action = next((action for name, action in ACTIONS.items() if name in request.POST), None)
        if action is None:
            return refusal(request, f"What is to be done? One of: {', '.join(ACTIONS)}", back)
        return action(request, shown, back)
    check = Check(shown)
    pages = Paginator(check.rows.order_by("bibcode"), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "rule": shown,
        "check": check,
        "page": page,
        "findings": [] if check.of_missing_papers else check.findings(page.object_list),
        "waivers": shown.waivers.select_related("paper", "by")[:IN_A_PREVIEW],
        "waived": shown.waivers.count(),
        "done": done_before(request),
        "longest": mending.LONGEST_REASON,
        "title": str(shown),
    }
    return render(request, "admin/desk/consistency_rule.html", request.desk | context)


def mend(request, shown, back):
    """Add the chosen tags, ``tag=<paper>-<tag>`` each; of one paper only when a row was sent."""
    require(request, "publications.add_tagassignment")
    wanted = {}
    for pair in request.POST.getlist("tag"):
        paper, _, tag = pair.partition("-")
        if key_of(paper) and key_of(tag):
            wanted.setdefault(int(paper), set()).add(int(tag))
    try:
        made, papers = mending.mend(shown, wanted, request.user)
    except (mending.CannotMend, CannotDecide) as error:
        return refusal(request, error, back)
    said = f"{papers} papers got their tags" if papers != 1 else f"{named(wanted)} got what was chosen"
    return outcome(request, made, said, back)


def named(papers):
    return ", ".join(Paper.objects.filter(pk__in=papers).values_list("bibcode", flat=True)[:3])


def waive(request, shown, back):
    require(request, "harvest.add_waiver")
    papers = Paper.objects.filter(pk=key_of(request.POST["waive"]))
    try:
        made, _ = mending.waive(shown, papers, request.POST.get("reason", ""), request.user)
    except mending.CannotMend as error:
        return refusal(request, error, back)
    return outcome(request, made, f"{named(papers)} is an exception of rule {shown.number}", back)


def revoke(request, shown, back):
    require(request, "harvest.delete_waiver")
    waivers = list(shown.waivers.filter(pk=key_of(request.POST["revoke"])))
    if not waivers:
        return refusal(request, "Somebody revoked this waiver already.", back)
    said = f"The rule holds for {waivers[0].paper} again"
    return outcome(request, mending.revoke(waivers, request.user), said, back)


def preview(request, shown, back):
    """Papers of the rule with a sole tag to add, ready to be confirmed; what comes after them is told."""
    require(request, "publications.add_tagassignment")
    check = Check(shown)
    rows = check.rows.order_by("bibcode")
    ready, seen, total = [], 0, rows.count()
    while seen < total and not ready:
        ready = [
            finding for finding in check.findings(rows[seen : seen + IN_A_PREVIEW]) if only_sole(finding)
        ]
        seen += IN_A_PREVIEW
    context = {
        "rule": shown,
        "findings": ready,
        "after": max(total - seen, 0),
        "title": f"{shown}: add the tags",
    }
    return render(request, "admin/desk/consistency_preview.html", request.desk | context)


def only_sole(finding):
    """Leave out of its offers what a person must choose; whether any is left."""
    finding.offers = [offer for offer in finding.offers if offer.ticked]
    return bool(finding.offers)


def switch(request, shown, back):
    require(request, "harvest.change_consistencyrule")
    on = request.POST["switch"] == "on"
    said = f"Rule {shown.number} is {'on' if on else 'off'}"
    with act(said, request.user) as made:
        # Somebody may have changed the rest of the row since it was read.
        row = get_object_or_404(ConsistencyRule.objects.select_for_update(), pk=shown.pk)
        row.active = on
        row.save()
    return outcome(request, made, said, back)


ACTIONS = {
    "mend": mend,
    "waive": waive,
    "revoke": revoke,
    "preview": preview,
    "switch": switch,
    "undo": lambda request, shown, back: undo_own(request, back),
}
