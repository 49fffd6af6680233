"""Our libraries at ADS: how each stands, what would change and what did, and a person's word on it."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from harvest import library_requests
from harvest.known import keys_of
from harvest.library_requests import CannotAsk
from harvest.models import BlocklistEntry, Candidate, HarvestRun, SyncPlan
from harvest.sync_diff import Truth
from harvest.sync_sides import fixed_sides
from publications.models import Identifier, Library, TagAssignment

State = SyncPlan.State
SHOW = {"all": "all", "waiting": "waiting for a person", "out-of-step": "out of step"}
# How many plans a library's page shows, and of each list how many bibcodes; the page of an act has all.
LATEST, FIRST = 10, 200


@require_safe
def libraries(request):
    """Every library, one line each."""
    shown = request.GET.get("show", "all")
    if shown not in SHOW:
        messages.error(request, f"show: one of {', '.join(SHOW)} is expected")
        return redirect("admin:libraries")
    rows = standings(waiting() if shown == "waiting" else Library.objects.all())
    if shown == "out-of-step":
        rows = [row for row in rows if row["state"] == OUT]
    run = HarvestRun.alive(HarvestRun.Job.SYNC)
    context = {"rows": rows, "shown": shown, "choices": SHOW, "run": run, "ads": settings.ADS_UI_URL}
    return render(request, "admin/desk/libraries.html", request.desk | context)


@require_safe
def library(request, pk):
    """One library with its latest plans, bibcode by bibcode."""
    row = get_object_or_404(Library, pk=pk)
    plans = list(row.plans.select_related("consented_by", "run__by")[:LATEST])
    titles = titles_of(
        bibcode for plan in [*plans, row] for _, listed in lists(plan) for bibcode in listed[:FIRST]
    )
    context = {
        "title": row.name,
        "row": standings([row])[0],
        "drift": titled(row, titles, FIRST),
        "plans": [{"plan": plan, "lists": titled(plan, titles, FIRST)} for plan in plans],
        "run": HarvestRun.alive(HarvestRun.Job.SYNC),
        "ads": settings.ADS_UI_URL,
    }
    return render(request, "admin/desk/library.html", request.desk | context)


ACTS = {
    "consent": "Agree to this plan",
    "undo": "Undo this plan",
    "overwrite": "Let the database win",
    "adopt": "Bind it to the library of this name at ADS",
    "plan": "Plan it now, write nothing",
}
OF_A_PLAN = {"consent": library_requests.consent, "undo": library_requests.undo}
OF_A_LIBRARY = {
    "overwrite": library_requests.overwrite,
    "adopt": library_requests.adopt,
    "plan": library_requests.plan,
}


@require_http_methods(["GET", "HEAD", "POST"])
def library_act(request, pk, act, plan=None):
    """What an act would do; by POST it is asked of the job that syncs."""
    row = get_object_or_404(Library, pk=pk)
    if request.method == "POST":
        try:
            if act in OF_A_PLAN:
                run = OF_A_PLAN[act](plan, request.user)
            else:
                run = OF_A_LIBRARY[act](row, request.user)
        except CannotAsk as error:
            messages.error(request, str(error))
            return redirect("admin:run", error.run.pk) if error.run else redirect("admin:library", pk)
        return redirect("admin:run", run.pk)
    planned = plan and row.plans.filter(pk=plan).first()
    if plan and not planned:
        messages.error(request, "This plan is there no more: the library was planned anew.")
        return redirect("admin:library", pk)
    subject = planned or row
    titles = titles_of(bibcode for _, listed in lists(subject) for bibcode in listed)
    shown = titled(subject, titles, of=LISTS_BACK if act == "undo" else LISTS)
    context = {"title": f"{ACTS[act]}: {row.name}", "library": row, "act": act, "plan": planned,
               "lists": shown, "button": ACTS[act]}  # fmt: skip
    return render(request, "admin/desk/library_act.html", request.desk | context)


# --- How a library stands -----------------------------------------------------------------------

WAITS, UNBOUND, DRIFT, OUT, IN, UNREAD = (
    "waits for a person", "not bound", "changed at ADS", "out of step", "in step", "not read yet"
)  # fmt: skip
WAITING = SyncPlan.objects.filter(state=State.WAITING)


def waiting():
    """Libraries about which a person must say something; one that the next sync will make is none."""
    drifted = ~Q(foreign_add=[]) | ~Q(foreign_remove=[])
    planned = SyncPlan.objects.filter(state=State.PLANNED)
    unbound = Q(ads_id=None) & ~Q(pk__in=planned.values("library"))
    return Library.objects.filter(unbound | drifted | Q(pk__in=WAITING.values("library")))


def out_of_step():
    """How many differ from ADS, with nothing in the way of the next sync."""
    return sum(row["state"] == OUT for row in standings(Library.objects.all()))


def standings(rows):
    """``{library, truth, here, last, state}`` of each, in a number of queries that does not grow."""
    fixed = {side.name: side for side in fixed_sides()}
    keys = [row.pk for row in rows]
    tags = [row.tag_id for row in rows if row.tag_id]
    given_up = set(Library.objects.given_up().filter(pk__in=keys).values_list("pk", flat=True))
    of_tags = TagAssignment.objects.filter(tag__in=tags).order_by().values_list("tag")
    here_by_tag = dict(of_tags.annotate(Count("pk")))
    latest = SyncPlan.objects.filter(library__in=keys).order_by().values("library").annotate(Max("pk"))
    to_consent = set(WAITING.filter(library__in=keys).values_list("library", flat=True))
    plans = {plan.library_id: plan for plan in SyncPlan.objects.filter(pk__in=latest.values("pk__max"))}
    found = []
    for row in rows:
        side = fixed.get(row.name)
        here = here_by_tag.get(row.tag_id, 0) if row.tag_id else side and side.count()
        if row.pk in given_up:
            here = 0
        truth = side.truth if side else Truth.OURS
        last = plans.get(row.pk)
        state = WAITS if row.pk in to_consent else standing(row, here, last)
        found.append({"library": row, "truth": truth.value, "here": here, "last": last, "state": state})
    return found


def standing(row, here, last):
    """``here``: how many the database wants; those that ADS does not know are not missed there."""
    if not row.ads_id:
        return UNBOUND
    if row.held is None:
        return UNREAD
    if row.foreign_add or row.foreign_remove:
        return DRIFT
    unknown = len(last.unknown) if last else 0
    looked_at = row.in_step_with or unknown
    return IN if looked_at and row.held in (here, here - unknown) else OUT


# --- What changes -------------------------------------------------------------------------------

LISTS = [
    ("ads_add", "to be added at ADS"),
    ("ads_remove", "to be removed at ADS"),
    ("local_add", "to be added here"),
    ("local_remove", "to be removed here"),
    ("foreign_add", "added at ADS by somebody"),
    ("foreign_remove", "removed at ADS by somebody"),
    ("unknown", "not known to ADS"),
]


# What an undo takes back.
LISTS_BACK = [
    ("ads_add", "to be removed at ADS"),
    ("ads_remove", "to be added at ADS"),
    ("local_add", "to be removed here"),
    ("local_remove", "to be added here"),
]


def lists(subject, of=LISTS):
    """``[(what, bibcodes)]`` of a plan, or of what somebody changed in a library."""
    return [(what, listed) for name, what in of if (listed := getattr(subject, name, None))]


def titled(subject, titles, first=None, of=LISTS):
    return [
        {"what": what, "number": len(listed), "more": first is not None and len(listed) > first,
         "entries": [(bibcode, titles.get(bibcode, "")) for bibcode in listed[:first]]}
        for what, listed in lists(subject, of)
    ]  # fmt: skip


def titles_of(bibcodes):
    """``{bibcode: title}`` of papers, candidates and what is blocked, as far as we know one."""
    by_key = {keys_of([bibcode])[0]: bibcode for bibcode in set(bibcodes)}
    known = list(by_key.values())
    blocked = dict.fromkeys(
        BlocklistEntry.objects.filter(bibcode__in=known).values_list("bibcode", flat=True), "(blocked)"
    )
    candidates = dict(Candidate.objects.filter(bibcode__in=known).values_list("bibcode", "title"))
    papers = Identifier.objects.filter(key__in=by_key).values_list("key", "paper__title")
    return blocked | candidates | {by_key[key]: title for key, title in papers}
