"""``/suggest/``: tell the curators about a missing paper, a wrong tag, a missing target."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from harvest import suggestions
from harvest.limits import HOUR
from publications.api.throttling import address_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request):
    if request.method != "POST":
        form = suggestions.SuggestionForm(initial={"identifier": request.GET.get("identifier", "")[:250]})
        return render(request, "harvest/suggest.html", {"form": form})
    form = suggestions.SuggestionForm(request.POST)
    if not form.is_valid():
        return render(request, "harvest/suggest.html", {"form": form}, status=400)
    if suggestions.too_many(address_of(request)):
        response = render(request, "harvest/suggest.html", {"form": form, "busy": True}, status=429)
        response["Retry-After"] = str(HOUR)
        return response
    suggestions.store(form)
    known = suggestions.paper_of(form.cleaned_data["identifier"])
    return render(request, "harvest/suggest.html", {"thanks": True, "known": known})
