"""What a visitor may be typing: tags, authors, targets, journals, as options of the search box."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from publications.folding import fold, target_key
from publications.models import Author, Journal, Tag, TargetAlias

OF_A_KIND = 5
SHORTEST = 2


@require_safe
def complete(request):
    """An HTML list of options for the last words of ``q``; an empty one when nothing fits."""
    typed = request.GET.get("q", "")[:120].replace("\x00", "")
    options = completions(typed, request.user) if len(fold(typed)) >= SHORTEST else []
    return render(request, "partials/completions.html", {"options": options})


def completions(typed, user):
    """``[(value, what it is)]``: each value is a query that can be sent as it is."""
    folded = fold(typed)
    tags = Tag.objects.visible_to(user).filter(name_folded__startswith=typed.strip().casefold())
    authors = Author.objects.filter(folded__startswith=folded).order_by("folded")
    targets = TargetAlias.objects.filter(key__startswith=target_key(typed) or "~").order_by("key")
    journals = Journal.objects.filter(name__istartswith=typed.strip()).order_by("bibstem")
    return [
        *((f'tag:"{tag.name}"', "tag") for tag in tags[:OF_A_KIND]),
        *((f'author:"{author.name}"', "author") for author in authors[:OF_A_KIND]),
        *((f'target:"{alias.name}"', "target") for alias in targets[:OF_A_KIND]),
        *((f'bibstem:"{journal.bibstem}"', journal.name) for journal in journals[:OF_A_KIND]),
    ]
