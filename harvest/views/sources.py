"""``/sources/``: what other databases list and we do not, and the other way round."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from harvest.gaps import gap_lists


@require_safe
def sources(request):
    return render(request, "harvest/sources.html", {"lists": gap_lists()})
