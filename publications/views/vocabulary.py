"""Tags, journals, and the vocabulary for programs."""

from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from publications import facets
from publications.exports.categories import categories_json
from publications.exports.years import years_csv
from publications.models import Category, Journal, Paper, Tag


def categories_with_counts(user):
    """Categories that ``user`` sees, each with its tags and their numbers of papers."""
    counts = facets.count(Paper.objects.all(), everything=True).tags
    categories = list(Category.objects.visible_to(user).prefetch_related("tags"))
    for category in categories:
        for tag in category.tags.all():
            tag.papers_count = counts.get(tag.pk, 0)
    return categories


@require_safe
def tag_index(request):
    return render(request, "tags/index.html", {"categories": categories_with_counts(request.user)})


@require_safe
def tag(request, slug):
    """One tag. An old address of a tag leads to the present one for good."""
    visible = Tag.objects.visible_to(request.user)
    found = visible.select_related("category").by_slug([slug]).get(slug)
    if found is None:
        return retired_tag(request, slug)
    if found.slug != slug:
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    papers = Paper.objects.tagged_with_all([found])
    context = {
        "tag": found,
        "parents": found.parents.visible_to(request.user),
        "children": found.children.visible_to(request.user),
        "count": papers.count(),
        "years": papers.values_list("year").annotate(n=Count("pk")).order_by("-year"),
        "latest": papers.sorted_by("-date").for_list(request.user)[:10],
    }
    return render(request, "tags/tag.html", context)


def retired_tag(request, slug):
    """A tag that visitors knew and that is gone for good; any other that they may not see is unknown."""
    retired = Tag.objects.filter(Q(slug=slug) | Q(old_slugs__slug=slug), category__retired=True).first()
    if retired is None or not retired.was_public:
        raise Http404("There is no such tag.")
    return render(request, "tags/retired.html", {"tag": retired}, status=410)


@require_safe
def journal_index(request):
    journals = Journal.objects.annotate(papers_count=Count("papers")).filter(papers_count__gt=0)
    return render(request, "journals/index.html", {"journals": journals.order_by("-papers_count", "bibstem")})


@require_safe
def journal(request, bibstem):
    found = get_object_or_404(Journal, bibstem=bibstem)
    papers = Paper.objects.filter(journal=found)
    context = {
        "journal": found,
        "count": papers.count(),
        "years": papers.values_list("year").annotate(n=Count("pk")).order_by("-year"),
        "latest": papers.sorted_by("-date").for_list(request.user)[:10],
    }
    return render(request, "journals/journal.html", context)


@require_safe
def categories_as_json(request):
    return JsonResponse(categories_json(Category.objects.public()), json_dumps_params={"ensure_ascii": False})


def tags_named(names, parameter, problems):
    """Public tags by name or slug; what is unknown is added to ``problems``."""
    tags = []
    for name in names:
        name = name.replace("\x00", "�")
        named = Tag.objects.public().filter(Q(name_folded=name.casefold()) | Q(slug=name)).first()
        if named:
            tags.append(named)
        else:
            problems.append(f"{parameter}: there is no tag “{name[:100]}”; /tags/ lists them all")
    return tags


@require_safe
def years_as_csv(request):
    """The predecessor's year × tag table: ``keep-tag`` any of them, ``ignore-tag`` none of them."""
    problems, tags = [], {}
    for name in request.GET:
        if name not in ("keep-tag", "ignore-tag"):
            problems.append(f"{name[:40]}: there is no such parameter; known are keep-tag, ignore-tag")
    for name in ("keep-tag", "ignore-tag"):
        tags[name] = tags_named(request.GET.getlist(name), name, problems)
    if problems:
        return HttpResponse("\n".join(problems) + "\n", status=400, content_type="text/plain; charset=utf-8")
    table = years_csv(Paper.objects.all(), Category.objects.public(), tags["keep-tag"], tags["ignore-tag"])
    return HttpResponse("".join(table), content_type="text/csv; charset=utf-8")
