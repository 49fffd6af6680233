"""Triage without a browser: a candidate is proposed, a decision on it sent, the answer read."""

from django.urls import reverse

from harvest.models import Candidate, SearchRule

QUEUE = reverse("admin:triage")


def rule(name):
    return SearchRule.objects.get(name=name)


def propose(bibcode="2020A&A...641A..85C", *rules, **columns):
    candidate = Candidate.objects.create(bibcode=bibcode, **{"title": "A star", "year": 2020} | columns)
    candidate.rules.set([rule(name) for name in rules])
    Candidate.objects.rank()
    return candidate


def page(candidate, query=""):
    return reverse("admin:triage-candidate", args=[candidate.pk]) + query


def send(desk, candidate, decision, query="", **fields):
    return desk.post(page(candidate, query), {"decision": decision, **fields})


def text(response):
    return response.content.decode()


def ticked(response):
    """Tags and main category that are chosen in the form."""
    return [
        piece.split('"')[0]
        for piece in text(response).split('value="')[1:]
        if " checked" in piece.split(">")[0] and '"' in piece
    ]
