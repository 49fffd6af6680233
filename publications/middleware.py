"""Addresses as visitors bring them from elsewhere; what caches may keep."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from publications.models.tag import sees_hidden_tags


def drop_tracking_parameters(get_response):
    """Redirect to the same address without ``utm_*`` and ``fbclid``, which newsletters add to links.

    The cone search ignores what it does not know, as its standard says.
    """

    def middleware(request):
        tracking = [name for name in request.GET if name.startswith("utm_") or name == "fbclid"]
        ignored = request.path == reverse("publications:cone-search")
        if tracking and not ignored and request.method in ("GET", "HEAD"):
            kept = request.GET.copy()
            for name in tracking:
                del kept[name]
            query = kept.urlencode()
            return HttpResponseRedirect(request.path + ("?" + query if query else ""))
        return get_response(request)

    return middleware


def keep_private_to_curators(get_response):
    """What a curator sees more than a visitor never enters a shared cache."""

    def middleware(request):
        response = get_response(request)
        if sees_hidden_tags(request.user):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


def let_any_site_read(get_response):
    """CORS for what programs read: everything but pages, by GET, without credentials."""
    read = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Retry-After, X-RateLimit-Limit, "
        "X-RateLimit-Remaining, X-Total-Count",
    }
    asked = read | {
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "If-Modified-Since, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }

    def middleware(request):
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return HttpResponse(status=204, headers=asked)
        response = get_response(request)
        if request.method in ("GET", "HEAD") and not response.get("Content-Type", "").startswith("text/html"):
            for name, value in read.items():
                response.setdefault(name, value)
        return response

    return middleware
