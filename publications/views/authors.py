"""Authors: pages of spellings, by folded surname and initial; never claimed to be one person."""

import string

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from publications.filters import PER_PAGE
from publications.models import Author, Paper

KEYS_ON_A_PAGE = 300


def page_of(pages, text):
    """The page that ``text`` (of the address) names; Http404 when there is none."""
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= pages.num_pages:
        raise Http404(f"There is no page {text[:20]}; the last one is {pages.num_pages}.")
    return pages.page(int(text))


@require_safe
def author_index(request):
    letter = request.GET.get("letter", "a")
    if letter not in set(string.ascii_lowercase) | {"u"}:
        raise Http404("Authors are listed by letter, a to z.")
    pages = Paginator(Author.objects.keys_under(letter), KEYS_ON_A_PAGE)
    context = {
        "letter": letter,
        "letters": string.ascii_lowercase,
        "page": page_of(pages, request.GET.get("page", "1")),
    }
    return render(request, "authors/index.html", context)


@require_safe
def author(request, key):
    spellings = Author.objects.filter(key=key).with_paper_counts()
    if not spellings:
        raise Http404(f"No author here is spelled like {key}.")
    papers = Paper.objects.by_author_key(key).sorted_by("-date")
    pages = Paginator(papers.for_list(request.user), PER_PAGE)
    context = {"key": key, "spellings": spellings, "page": page_of(pages, request.GET.get("page", "1"))}
    return render(request, "authors/author.html", context)
