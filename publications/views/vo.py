"""The Virtual Observatory's addresses. Any page of the web may read them (CORS)."""

import logging
from functools import wraps
from urllib.parse import quote

from django.conf import settings
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from publications.bibcode import is_bibcode
from publications.vo import answers, parameters, vosi, votable

logger = logging.getLogger(__name__)


def open_to_all(*methods):
    """Answer ``methods``, HEAD and OPTIONS, readable from every origin; no token is asked for."""

    def decorate(view):
        @csrf_exempt
        @wraps(view)
        def answer(request, *args, **kwargs):
            if request.method == "OPTIONS":
                response = HttpResponse(status=204)
            elif request.method in (*methods, "HEAD"):
                response = view(request, *args, **kwargs)
            else:
                response = HttpResponseNotAllowed([*methods, "HEAD", "OPTIONS"])
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Allow-Methods"] = ", ".join([*methods, "HEAD", "OPTIONS"])
            return response

        return answer

    return decorate


@open_to_all("GET", "POST")
def cone_search(request):
    pairs = [
        (name, value)
        for query in (request.GET, request.POST)
        for name in query
        for value in query.getlist(name)
    ]
    try:
        asked = parameters.read(pairs)
    except parameters.ConeError as error:
        # 200, as the simple cone search wants: with another status STILTS and TOPCAT lose the message.
        return HttpResponse(votable.error_document(str(error)), content_type=error.content_type)
    if asked.runid:
        logger.info("cone search, RUNID %r", asked.runid)
    return table(request, asked.content_type, lambda: answers.cone_answer(asked, address(request, pairs)))


@open_to_all("GET")
def links(request):
    response = table(request, parameters.VOTABLE_TYPE, answers.links_answer)
    response["Content-Disposition"] = 'attachment; filename="links.vot"'
    return response


def table(request, content_type, answer):
    """HEAD gets the headers without the work; how long the answer is, nobody knows before."""
    return StreamingHttpResponse([] if request.method == "HEAD" else answer(), content_type=content_type)


def address(request, pairs):
    """What was asked, as an address, however it was sent."""
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    return f"{settings.SITE_URL}{request.path}?{query}"


@open_to_all("GET")
def paper(request):
    """The redirect that a service descriptor needs: its clients can only send a query string."""
    bibcode = request.GET.get("bibcode", "")
    if not is_bibcode(bibcode):
        raise Http404("bibcode: 19 characters are expected")
    return HttpResponseRedirect(reverse("publications:paper", args=[bibcode]))


def xml_view(template, context):
    """A view of one XML template."""

    @open_to_all("GET")
    def view(request):
        return render(request, template, context(), content_type="text/xml")

    return view


availability = xml_view("vo/availability.xml", vosi.availability)
capabilities = xml_view("vo/capabilities.xml", vosi.capabilities)
tables = xml_view("vo/tables.xml", vosi.tables)
registry = xml_view("vo/registry.xml", vosi.registry)
