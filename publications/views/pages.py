"""Home, additions, libraries, and whether the process is alive."""

import datetime
import re

from django.conf import settings
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from publications import facets
from publications.models import Library, Paper
from publications.views.vocabulary import categories_with_counts

MONTHS_ON_A_PAGE = 3
LATEST = 5
# An import of a whole database is no list to read: the page says how many more there are.
MOST_ADDITIONS = 300


@require_safe
def home(request):
    years = facets.count(Paper.objects.all(), everything=True).years
    latest = list(Paper.objects.latest_added().for_list(request.user)[:LATEST])
    context = {
        "count": sum(years.values()),
        "years": sorted(years.items(), reverse=True),
        "categories": categories_with_counts(request.user),
        "latest": latest,
        "last_added": latest[0].added if latest else None,
        "last_synced": Library.objects.aggregate(last=Max("synced_at"))["last"],
    }
    return render(request, "home.html", context)


def month_after(month, number):
    """The first day of the ``number``-th month after (before, when negative) that of ``month``."""
    months = month.year * 12 + month.month - 1 + number
    return datetime.date(months // 12, months % 12 + 1, 1)


def month_of(text):
    """``2026-03`` → its first day. Raises ValueError on anything else."""
    if not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}", text, re.ASCII):
        raise ValueError(text)
    return datetime.date(int(text[:4]), int(text[5:]), 1)


def quarter(request):
    """The context of a page of additions: three months, ``until`` being the last one.

    Raises ValueError when ``until`` is not a month.
    """
    this_month = timezone.now().date().replace(day=1)
    until = month_of(request.GET["until"]) if "until" in request.GET else this_month
    first, after = month_after(until, 1 - MONTHS_ON_A_PAGE), month_after(until, 1)
    papers = Paper.objects.added_between(first, after - datetime.timedelta(days=1))
    return {
        "first": first,
        "last": until,
        "selection": f"{first}/{after - datetime.timedelta(days=1)}",
        "count": papers.count(),
        "papers": papers.sorted_by("-added").for_list(request.user)[:MOST_ADDITIONS],
        "earlier": month_after(first, -1) if Paper.objects.added_before(first).exists() else None,
        "later": month_after(until, MONTHS_ON_A_PAGE) if until < this_month else None,
    }


@require_safe
def additions(request):
    """By date of entry, three months a page."""
    try:
        return render(request, "additions.html", quarter(request))
    except ValueError:
        return render(request, "additions.html", {"refused": request.GET["until"]}, status=400)


@require_safe
def additions_text(request):
    """The same as plain text, ready for a newsletter."""
    plain = "text/plain; charset=utf-8"
    try:
        return render(request, "additions.txt", quarter(request), content_type=plain)
    except ValueError:
        return HttpResponse("until: give a month such as 2026-03\n", status=400, content_type=plain)


@require_safe
def healthz(request):
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def legal(request):
    return render(request, "legal.html")


@require_safe
def libraries(request):
    found = Library.objects.kept().filter(public=True).annotate(entries_count=Count("entries"))
    return render(request, "libraries.html", {"libraries": found, "ads_ui_url": settings.ADS_UI_URL})


@require_safe
def robots(request):
    """Selections are endless; robots take the papers from the sitemap."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /papers/?",
        "Disallow: /plots/*?",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
