"""Addresses as visitors bring them from elsewhere."""

from django.http import HttpResponseRedirect


def drop_tracking_parameters(get_response):
    """Redirect to the same address without ``utm_*`` and ``fbclid``, which newsletters add to links."""

    def middleware(request):
        tracking = [name for name in request.GET if name.startswith("utm_") or name == "fbclid"]
        if tracking and request.method in ("GET", "HEAD"):
            kept = request.GET.copy()
            for name in tracking:
                del kept[name]
            query = kept.urlencode()
            return HttpResponseRedirect(request.path + ("?" + query if query else ""))
        return get_response(request)

    return middleware
