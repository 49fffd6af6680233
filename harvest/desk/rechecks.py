"""``/admin/rechecks/``: papers that a search rule matches and that lack its tag."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from harvest import curation
from harvest.consistency import Vocabulary
from harvest.desk.answers import done_before, key_of, outcome, refusal, require, undo_own
from harvest.models import SearchRule
from harvest.recheck import rules_to_judge, to_judge
from publications.models import TagAssignment

ON_A_PAGE = 50
JUDGED = 20


@require_safe
def rechecks(request):
    return render(request, "admin/desk/rechecks.html", request.desk | {"rules": rules_to_judge()})


@require_http_methods(["GET", "HEAD", "POST"])
def recheck(request, pk):
    rule = get_object_or_404(SearchRule, pk=pk)
    back = reverse("admin:recheck", args=[pk])
    if request.method == "POST":
        return answer(request, rule, back)
    tag = Vocabulary().find(rule.tag_name)
    carried = TagAssignment.objects.select_related("tag__category").in_vocabulary_order()
    reviews = to_judge(rule, tag).order_by("paper__bibcode").select_related("paper").defer("paper__abstract")
    reviews = reviews.prefetch_related(Prefetch("paper__assignments", carried))
    context = {
        "rule": rule,
        "tag": tag,
        "page": Paginator(reviews, ON_A_PAGE).get_page(request.GET.get("page")),
        "judged": rule.reviews.filter(missing=False)
        .exclude(by=None)
        .select_related("paper", "by")
        .order_by("-reviewed_at")[:JUDGED],
        "done": done_before(request),
        "title": f"Check again: {rule}",
    }
    return render(request, "admin/desk/recheck.html", request.desk | context)


def answer(request, rule, back):
    """Add the rule's tag to a paper, or dismiss it, or take one's own last act back."""
    if "undo" in request.POST:
        return undo_own(request, back)
    require(request, "harvest.change_tagreview")
    add = "add" in request.POST
    review = rule.reviews.filter(pk=key_of(request.POST.get("add") or request.POST.get("dismiss", "")))
    review = review.select_related("paper", "rule").first()
    if review is None:
        return refusal(request, "This finding is no more: the paper or the rule was changed.", back)
    if add:
        require(request, "publications.add_tagassignment")
    try:
        made = (curation.add_missing_tag if add else curation.dismiss)(review, request.user)
    except curation.CannotDecide as error:
        return refusal(request, error, back)
    said = (
        f"{review.paper} has the tag {rule.tag_name}"
        if add
        else f"{review.paper} goes without {rule.tag_name}"
    )
    return outcome(request, made, said, back)
