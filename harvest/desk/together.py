"""The same decision on several candidates that are alike: chosen, looked at beforehand, taken as one act."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from harvest import curation
from harvest.curation import CannotDecide
from harvest.desk.decisions import (
    DECISIONS,
    REASONS,
    BlockForm,
    PostponeForm,
    Unfinished,
    answer_of,
    in_a_while,
)
from harvest.desk.offers import Offers, UnknownTags, tags_sent, vocabulary_to_give
from harvest.desk.queue import Queue
from harvest.known import keys_of
from harvest.models import Candidate
from publications.models import Identifier

MOST = 200
TOGETHER = ("accept", "block", "postpone")
DONE = {"accept": "accepted", "block": "blocked", "postpone": "postponed"}


@require_POST
def together(request):
    """``step``: nothing at first, then "preview", then "do"."""
    if not request.user.has_perm("harvest.change_candidate"):
        raise PermissionDenied
    decision, step = request.POST.get("decision"), request.POST.get("step")
    if decision not in TOGETHER:
        raise Http404(f"There is no decision {decision!r} on several candidates.")
    keys = [int(key) for key in request.POST.getlist("candidate") if key.isdecimal() and len(key) < 18]
    candidates = list(
        Candidate.objects.filter(pk__in=keys[: MOST + 1])
        .select_related("decided_by").prefetch_related("rules").defer("abstract").order_by("pk")
    )  # fmt: skip
    if refusal := refused(candidates):
        messages.error(request, refusal)
        return redirect(reverse("admin:triage") + Queue(request.GET).query_string)
    if step not in ("preview", "do"):
        return ask(request, decision, candidates)
    sent = request.POST.copy()
    # The preview says that there is no main category: that is warning enough.
    sent["without"] = "yes"
    try:
        outcome = foreseen(decision, sent, request.user)
        if step == "do":
            return do(request, decision, candidates, sent)
    except (Unfinished, UnknownTags) as error:
        return ask(request, decision, candidates, error, status=400)
    except CannotDecide as error:
        messages.error(request, f"Nothing was done: {error}")
        candidates = list(Candidate.objects.filter(pk__in=keys).select_related("decided_by").order_by("pk"))
    return preview(request, decision, candidates, outcome, status=200 if step == "preview" else 409)


def refused(candidates):
    """Why a selection cannot be decided together, or nothing."""
    if not candidates:
        return "candidate: choose at least one."
    if len(candidates) > MOST:
        return f"candidate: at most {MOST} are decided together."
    if len({candidate.alike(candidate.rules.all()) for candidate in candidates}) > 1:
        return "Not all of these were matched by the same rules: decide on them apart."
    return ""


def numbered(candidates):
    return "1 candidate" if len(candidates) == 1 else f"{len(candidates)} candidates"


def foreseen(decision, sent, by):
    """What will happen to each, in words."""
    if decision == "accept":
        tags = tags_sent(sent)
        named = ", ".join(tag.name for tag in tags) or "no tag"
        return f"becomes a paper with {named}" + (
            "" if Offers([], vocabulary_to_give()).has_main(tags) else "; without a main category"
        )
    if decision == "block":
        answer = answer_of(BlockForm(sent))
        reason = dict(REASONS)[answer["reason"]]
        return f"is blocked: {reason}" + (f", “{answer['note']}”" if answer["note"] else "")
    return f"is postponed to {answer_of(PostponeForm(sent))['until']}"


def ask(request, decision, candidates, error=None, status=200):
    ticked = getattr(error, "known", None)
    context = {
        "title": f"{decision.capitalize()} {numbered(candidates)}",
        "decision": decision,
        "candidates": candidates,
        "queue": Queue(request.GET),
        "offers": Offers(list(candidates[0].rules.all()), vocabulary_to_give(), ticked=ticked),
        "reasons": REASONS,
        "sent": request.POST,
        "until": request.POST.get("until") or in_a_while().isoformat(),
        "error": error,
        "unread": getattr(error, "unread", ""),
    }
    return render(request, "admin/desk/together_ask.html", request.desk | context, status=status)


def preview(request, decision, candidates, outcome, status):
    """Those that somebody decided meanwhile, or that are in the database, are named and left out."""
    here = papers_here(candidates) if decision == "accept" else {}
    left_out, going = [], []
    for candidate in candidates:
        if candidate.status != Candidate.Status.PENDING:
            left_out.append((candidate, f"was {candidate.status} by {candidate.decided_by} already"))
        elif candidate.pk in here:
            left_out.append((candidate, f"is in the database already, as {here[candidate.pk]}"))
        else:
            going.append(candidate)
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "step", "candidate")
        for value in values
    ]
    context = {
        "title": f"{decision.capitalize()} {numbered(going)}?",
        "decision": decision,
        "going": going,
        "left_out": left_out,
        "outcome": outcome,
        "carried": carried,
        "queue": Queue(request.GET),
    }
    return render(request, "admin/desk/together_preview.html", request.desk | context, status=status)


def papers_here(candidates):
    """``{candidate's id: bibcode}`` of those that are in the database under some identifier."""
    keys = {key: candidate.pk for candidate in candidates for key in keys_of(candidate.names)}
    found = Identifier.objects.filter(key__in=keys).values_list("key", "paper__bibcode")
    return {keys[key]: bibcode for key, bibcode in found}


def do(request, decision, candidates, sent):
    name = f"{DONE[decision]} {numbered(candidates)}"
    decide = DECISIONS[decision]
    curation.together(name, [partial(decide, each, sent, request.user) for each in candidates], request.user)
    messages.success(request, f"{name.capitalize()}: one act, which can be undone as a whole")
    return redirect(reverse("admin:triage") + Queue(request.GET).query_string)
