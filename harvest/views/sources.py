"""``/sources/``: what other databases list and we do not, and the other way round."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from harvest.gaps import CHECKS
from publications.models import SourceRecord


@require_safe
def sources(request):
    read = set(SourceRecord.objects.order_by().values_list("source", flat=True).distinct())
    context = {"comparisons": [(check, check.source in read) for check in CHECKS]}
    return render(request, "harvest/sources.html", context)
