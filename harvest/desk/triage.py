"""Triage: the queue of candidates, one candidate with its evidence and the decisions on it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harvest import curation
from harvest.activity import may_undo
from harvest.curation import CannotDecide
from harvest.desk.decisions import DECISIONS, REASONS, STAYING, NoMainCategory, Unfinished, in_a_while
from harvest.desk.evidence import Shown, words_looked_for
from harvest.desk.offers import Offers, UnknownTags, tags_sent, vocabulary_to_give
from harvest.desk.queue import Queue
from harvest.desk.rows import rows_of
from harvest.desk.together import DONE
from harvest.models import Candidate
from harvest.ranking import evidence_points
from publications.marking import without_markup
from publications.models import Act
from publications.models.history import act
from publications.undo import CannotUndo, undo

ON_A_PAGE = 50
RECENT = 5
NAMES = {**DONE, "withdraw": "withdrew"}
# Words that are in the form and that the decision itself does not keep.
BESIDES = {"block": ["comment"], "comment": []}


@require_safe
def queue(request):
    if "HX-Request" in request.headers:
        # From the page of the last candidate: this is another page, not a part of that one.
        return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
    waiting = Queue(request.GET)
    pages = Paginator(waiting.ranked().values_list("pk", "score"), ON_A_PAGE)
    pages.count = waiting.count
    number = waiting.answer.get("page") or 1
    if number > pages.num_pages:
        waiting.form.add_error("page", f"page: there are {pages.num_pages}")
        number = 1
    page = pages.page(number)
    context = {
        "queue": waiting,
        "page": page,
        "rows": rows_of(list(page)),
        "totals": waiting.totals,
        "choices": waiting.choices(),
        "recent": recent_decisions(request.user),
    }
    status = 400 if waiting.form.errors else 200
    return render(request, "admin/desk/triage_queue.html", request.desk | context, status=status)


@require_safe
def following(request):
    """The candidate behind the one whose id is ``after``, or the first."""
    after = request.GET.get("after", "")
    behind = int(after) if after.isdecimal() and len(after) < 18 else None
    return go_on(request, behind, Queue(request.GET))


def go_on(request, behind, waiting):
    """To the candidate after the one whose id is ``behind`` (None: to the first), or back to the queue.

    The page's script gets the next page at once, with its address. A browser is redirected, so that
    loading the page again repeats no decision.
    """
    pk = waiting.after(behind)
    if pk is None:
        return redirect(reverse("admin:triage") + waiting.query_string)
    shown = candidates_shown().filter(pk=pk).first() if asked_by_script(request) else None
    if shown is None:
        return redirect(address_of(pk, waiting))
    response = page_of(request, shown, waiting)
    response["HX-Push-Url"] = address_of(pk, waiting)
    return response


def asked_by_script(request):
    """Whether a part of the page is enough; who goes back in the browser's history needs it whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def address_of(pk, waiting):
    return reverse("admin:triage-candidate", args=[pk]) + waiting.query_string


def candidates_shown():
    return Candidate.objects.prefetch_related("rules")


@require_http_methods(["GET", "HEAD", "POST"])
def candidate(request, pk):
    shown = candidates_shown().filter(pk=pk).first()
    if shown is None:
        return no_more(request, pk)
    waiting = Queue(request.GET)
    if request.method != "POST":
        return page_of(request, shown, waiting)
    if not request.user.has_perm("harvest.change_candidate"):
        raise PermissionDenied
    sent = request.POST
    decision = sent.get("decision") or ("block" if "reason" in sent else None)
    if decision not in DECISIONS:
        raise Http404(f"There is no decision {decision!r}.")
    try:
        said = decide(shown, decision, sent, request.user)
    except (Unfinished, UnknownTags) as error:
        return page_of(request, shown, waiting, sent=sent, error=error, status=400)
    except CannotDecide as error:
        shown.refresh_from_db()
        return page_of(request, shown, waiting, sent=sent, error=error, status=409)
    messages.success(request, said)
    if decision in STAYING:
        shown.refresh_from_db()
        return page_of(request, shown, waiting, sent=without(sent, decision))
    return go_on(request, shown.pk, waiting)


def decide(shown, decision, sent, by):
    """Take a decision; other words that stand in the form become comments, in the same act."""
    words = [
        text for name in BESIDES.get(decision, ["note", "comment"]) if (text := sent.get(name, "").strip())
    ]
    if not words:
        return DECISIONS[decision](shown, sent, by)
    steps = [(decision, sent), *(("comment", {"comment": text}) for text in words)]
    if decision == "withdraw":
        # Nobody comments on a candidate that is gone.
        steps = [*steps[1:], steps[0]]
    with act(f"{NAMES[decision]} {shown.bibcode}, with a comment", by):
        said = {name: DECISIONS[name](shown, fields, by) for name, fields in steps}
    return f"{said[decision]}; your other words are kept as a comment"


def without(sent, name):
    left = sent.copy()
    left.pop(name, None)
    return left


def page_of(request, shown, waiting, *, sent=None, error=None, status=200):
    """One candidate; all that was ``sent`` and is not done stands in the form yet."""
    ticked, unread = tags_in(sent) if sent else (None, "")
    sent = sent or QueryDict()
    rules = list(shown.rules.all())
    past = Candidate.objects.decisions_by_rule(rules)
    vocabulary = vocabulary_to_give()
    evidence = Shown(shown.evidence, vocabulary)
    offers = Offers(rules, vocabulary, evidence.tags_near(), ticked)
    pending = shown.status == Candidate.Status.PENDING
    here = curation.paper_of(shown) if pending else None
    context = {
        "base": f"admin/desk/{'part' if asked_by_script(request) else 'base'}.html",
        "title": without_markup(shown.title) or shown.bibcode,
        "candidate": shown,
        "address": address_of(shown.pk, waiting),
        "queue": waiting,
        "rules": [(rule, offers.by_rule.get(rule.pk), *past.get(rule.pk, (0, 0))) for rule in rules],
        "evidence": evidence,
        "points": evidence_points(shown.evidence, shown.abstract),
        "marks": words_looked_for(),
        "offers": offers,
        "here": here,
        "undecidable": not pending or here,
        "reasons": REASONS,
        "sent": sent,
        "until": sent.get("until") or in_a_while().isoformat(),
        "error": error,
        "unread": unread,
        "ask_without": isinstance(error, NoMainCategory),
        "recent": recent_decisions(request.user),
        "ads_ui_url": settings.ADS_UI_URL,
    }
    return render(request, "admin/desk/triage_candidate.html", request.desk | context, status=status)


def tags_in(sent):
    """``(tags, unread)``: the tags that were sent, as far as the vocabulary has them, and what is none."""
    try:
        return tags_sent(sent), ""
    except UnknownTags as error:
        return error.known, error.unread


def no_more(request, pk):
    """A candidate that was withdrawn, perhaps while somebody wrote about it: what was written comes back."""
    last = get_object_or_404(Candidate.history.filter(id=pk, history_type="-").order_by("-history_date")[:1])
    context = {
        "title": f"{last.bibcode} is no candidate any more",
        "why": last.history_change_reason,
        "paper": curation.paper_of(last.instance),
        "queue": Queue(request.GET),
        "written": [text for name in ("note", "comment") if (text := request.POST.get(name))],
    }
    return render(request, "admin/desk/triage_gone.html", request.desk | context, status=410)


def recent_decisions(user):
    """The user's last acts on candidates that stand yet, the newest first."""
    touched = Candidate.history.filter(act=OuterRef("pk"))
    return Act.objects.standing().filter(Exists(touched), by=user, undoes=None)[:RECENT]


@require_POST
def undo_decision(request):
    """Take back one's own act ``act``, and show the candidate again."""
    if not request.user.has_perm("harvest.change_candidate"):
        raise PermissionDenied
    key = request.POST.get("act", "")
    past = get_object_or_404(Act, pk=int(key) if key.isdecimal() and len(key) < 18 else 0, by=request.user)
    if not may_undo(request.user, past):
        raise PermissionDenied
    candidates = list(Candidate.history.filter(act=past).values_list("id", flat=True).distinct())
    if not candidates:
        raise Http404("This was no decision on a candidate.")
    try:
        undo(past, request.user)
    except CannotUndo as error:
        messages.error(request, f"Not undone: {error}")
    else:
        messages.success(request, f"Undone: {past.name}")
    query = Queue(request.GET).query_string
    if len(candidates) == 1:
        return redirect(reverse("admin:triage-candidate", args=candidates) + query)
    return redirect(reverse("admin:triage") + query)
