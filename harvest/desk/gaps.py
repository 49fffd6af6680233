"""``/admin/gaps/``: what other databases list and we do not, each with its state, and what to do about it."""

import csv
from collections import Counter

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from harvest import curation
from harvest.desk.adding import keep
from harvest.desk.answers import done_before, outcome, refusal, require, undo_own
from harvest.desk.decisions import REASONS
from harvest.gaps import GAPS, CannotExplain, Gaps, add_diameters, block, explain, take_back
from harvest.models import Explanation
from harvest.pasted import MOST, Entry

ON_A_PAGE = 100


@require_safe
def gaps(request):
    read = Gaps()
    context = {"gaps": [(gap, read.counts(gap)) for gap in GAPS.values()]}
    return render(request, "admin/desk/gaps.html", request.desk | context)


@require_http_methods(["GET", "HEAD", "POST"])
def gap(request, slug):
    shown = gap_of(slug)
    back = reverse("admin:gap", args=[slug])
    if request.method == "POST":
        action = next((action for name, action in ACTIONS.items() if name in request.POST), None)
        if action is None:
            return refusal(request, f"What is to be done? One of: {', '.join(ACTIONS)}", back)
        return action(request, shown, back)
    entries = Gaps().entries(shown)
    counts = Counter(entry.state.name for entry in entries)
    state = request.GET.get("state", "")
    if state:
        entries = [entry for entry in entries if entry.state.name == state]
    context = {
        "gap": shown,
        "counts": counts.items(),
        "total": counts.total(),
        "state": state,
        "page": Paginator(entries, ON_A_PAGE).get_page(request.GET.get("page")),
        "reasons": REASONS,
        "ads_ui_url": settings.ADS_UI_URL,
        "done": done_before(request),
        "title": f"{shown.title[0].upper()}{shown.title[1:]}",
    }
    return render(request, "admin/desk/gap.html", request.desk | context)


@require_safe
def gap_csv(request, slug):
    shown = gap_of(slug)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="gap-{slug}.csv"'
    writer = csv.writer(response)
    writer.writerow(["bibcode", "state", "why", "here"])
    for entry in Gaps().entries(shown):
        writer.writerow([entry.bibcode, entry.state.name, entry.state.why, entry.here])
    return response


def gap_of(slug):
    if slug not in GAPS:
        raise Http404(f"There is no gap {slug!r}; there are: {', '.join(GAPS)}.")
    return GAPS[slug]


def chosen(request):
    return request.POST.getlist("bibcode")[:MOST]


def block_chosen(request, shown, back):
    require(request, "harvest.add_blocklistentry")
    answer = request.POST.get("code", ""), request.POST.get("reason", "").strip()
    try:
        made, blocked = block(shown, chosen(request), *answer, request.user)
    except (CannotExplain, curation.CannotDecide) as error:
        return refusal(request, error, back)
    return outcome(request, made, f"{blocked} blocked", back)


def propose_chosen(request, shown, back):
    """Have ADS asked for the chosen ones, as if they were added by hand: they become candidates."""
    require(request, "harvest.add_pastedlist")
    missing = shown.rows().filter(bibcode__in=chosen(request)).order_by("bibcode") if shown.missing else []
    entries = [Entry(n, row.bibcode, [row.bibcode]) for n, row in enumerate(missing, start=1)]
    if not entries:
        return refusal(request, "Choose papers that are not here.", back)
    return redirect("admin:pasted-list", keep(entries, request.user, why=shown.title).pk)


def explain_chosen(request, shown, back):
    require(request, "harvest.add_explanation")
    try:
        made, explained = explain(shown, chosen(request), request.POST.get("reason", ""), request.user)
    except CannotExplain as error:
        return refusal(request, error, back)
    return outcome(request, made, f"{explained} explained", back)


def take_back_chosen(request, shown, back):
    require(request, "harvest.delete_explanation")
    explanations = list(Explanation.objects.filter(gap=shown.slug, bibcode__in=chosen(request)))
    if not explanations:
        return refusal(request, "Choose papers that are explained.", back)
    made = take_back(explanations, request.user)
    return outcome(request, made, f"{len(explanations)} explanations taken back", back)


def tag_chosen(request, shown, back):
    require(request, "publications.add_tagassignment")
    try:
        made, tagged = add_diameters(shown, chosen(request), request.user)
    except (CannotExplain, curation.CannotDecide) as error:
        return refusal(request, error, back)
    return outcome(request, made, f"{tagged} tagged “Stellar diameters”", back)


ACTIONS = {
    "propose": propose_chosen,
    "block": block_chosen,
    "explain": explain_chosen,
    "take-back": take_back_chosen,
    "tag": tag_chosen,
    "undo": lambda request, shown, back: undo_own(request, back),
}
