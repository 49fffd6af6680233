"""What a person sends after the session ended is not lost: after the sign-in it comes back, not done yet.

It travels in the sign-in form, so that a stranger stores nothing here, and lies in the new session
until the form is sent, or forgotten.
"""

import json
from urllib.parse import urlsplit

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_POST

KEPT = "kept"
SIGN_IN_FIRST = 401


def bring_back(request):
    """After the sign-in: keep what came along in the new session. What nobody's page wrote is dropped."""
    try:
        sent = json.loads(request.POST[KEPT])
        fields = [(str(name), str(value)) for name, value in sent["fields"]]
        address, files = str(sent["address"]), bool(sent["files"])
    except (ValueError, TypeError, KeyError):
        return
    if address.startswith(reverse("admin:index")):
        request.session[KEPT] = {"address": address, "fields": fields, "files": files}


def sent_in(request):
    """Files cannot be kept: whether there were any is told."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    return {"address": request.get_full_path(), "fields": fields, "files": bool(request.FILES)}


def page_of_the_form(request):
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host() or not came.path.startswith(reverse("admin:index")):
        return request.get_full_path()
    return f"{came.path}?{came.query}" if came.query else came.path


def sign_in_first(site, request):
    """The answer to a POST without a session: the sign-in, which takes along what was sent."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=SIGN_IN_FIRST)  # the page's script sends it again as a whole page
    sent = json.dumps(sent_in(request), ensure_ascii=False)
    context = site.each_context(request) | {
        "title": "Sign in",
        "form": site.login_form(request, initial={"kept": sent}),
        "app_path": reverse("admin:login"),
        "next": page_of_the_form(request),
        "kept": True,
    }
    return TemplateResponse(request, site.login_template, context, status=SIGN_IN_FIRST)


def forget_when_sent(request):
    if request.method == "POST" and request.session.get(KEPT, {}).get("address") == request.get_full_path():
        del request.session[KEPT]


@require_POST
def forget(request):
    request.session.pop(KEPT, None)
    return redirect(page_of_the_form(request) if "Referer" in request.headers else "admin:index")


def csrf_failed(request, reason=""):
    """A form from before a sign-in in another window has an old token: what was typed comes back too."""
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if (
        not own
        or not request.path.startswith(reverse("admin:index"))
        or request.path == reverse("admin:login")
    ):
        return csrf_failure(request, reason)
    if "HX-Request" in request.headers or not admin.site.has_permission(request):
        return sign_in_first(admin.site, request)
    request.session[KEPT] = sent_in(request)
    return redirect(page_of_the_form(request))
