"""``/targets/names/``: a name that no target here has, asked for at SIMBAD by a job that the page follows."""

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from harvest import names
from harvest.limits import HOUR, over
from harvest.models import NameLookup
from harvest.start import launch
from publications.api.throttling import address_of
from publications.folding import target_key
from publications.models import Target
from publications.views.targets import TargetSearch

FROM_ONE_ADDRESS = 20


class NameForm(TargetSearch):
    """The name that the search for targets did not find, with its radius."""

    def clean_q(self):
        name = " ".join(self.cleaned_data["q"].split())
        if not target_key(name) or not name.isprintable():
            raise forms.ValidationError("give a name as papers or SIMBAD write it, such as HD 140283")
        return name


@require_POST
def ask(request):
    form = NameForm({name: request.POST.get(name, "") for name in ("q", "radius")})
    if not form.is_valid():
        return render(request, "targets/name_refused.html", {"form": form}, status=400)
    name, radius = form.cleaned_data["q"], form.cleaned_data["radius"]
    lookup = names.known(name)
    if lookup is None:
        if names.too_many() or over(f"name-{address_of(request)}", FROM_ONE_ADDRESS):
            response = render(request, "targets/name_refused.html", {"form": form, "busy": True}, status=429)
            response["Retry-After"] = str(HOUR)
            return response
        lookup = names.ask(name)
        launch("resolve_names", [], refused=lambda reason: lookup.finish(NameLookup.Status.FAILED))
    return redirect(f"{reverse('harvest:name', args=[lookup.pk])}?radius={radius!r}")


@never_cache
@require_safe
def name(request, pk):
    """The page of a lookup; alone its answer, when htmx follows it."""
    lookup = get_object_or_404(NameLookup.objects.select_related("target"), pk=pk)
    form = TargetSearch({"q": "", "radius": request.GET.get("radius", "")})
    radius = form.cleaned_data["radius"] if form.is_valid() else 0.1
    near = Target.objects.none()
    if lookup.ra is not None:
        near = Target.objects.with_papers().with_paper_counts().in_cone(lookup.ra, lookup.dec, radius)
        near = near.nearest_first(lookup.ra, lookup.dec)
    context = {"lookup": lookup, "radius": radius, "near": near[:50]}
    template = "targets/name_answer.html" if "HX-Request" in request.headers else "targets/name.html"
    return render(request, template, context)
