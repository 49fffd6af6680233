"""What the words of a search name as a whole: a tag, a target, an author."""

from dataclasses import dataclass

from django.urls import reverse

from publications.folding import author_key, target_key, words_of
from publications.models import Author, Paper, Tag, TargetAlias


@dataclass
class Named:
    """``Tag PIONIER: 213 papers``, and where it leads."""

    kind: str
    name: str
    papers: int
    address: str


def named(q, user=None):
    """List of `Named`: the tag, the target and the authors that ``q`` is as a whole; usually empty."""
    words = q.strip().strip('"')
    if not words or len(words) > 120 or "\x00" in words or not words_of(words):
        return []
    return [*tags(words, user), *targets(words), *authors(words)]


def tags(words, user):
    tag = Tag.objects.visible_to(user).named(words)
    return [Named("Tag", tag.name, tag.assignments.count(), tag.get_absolute_url())] if tag else []


def targets(words):
    alias = TargetAlias.objects.filter(key=target_key(words)).select_related("target").first()
    return [named_target(alias.target)] if alias else []


def named_target(target):
    return Named("Target", target.name, target.links.count(), target.get_absolute_url())


def authors(words):
    """One spelling or the surname of a few: ``Mérand`` and ``Mérand, A.``."""
    key = author_key(words)
    condition = {"key": key} if "," in words else {"key__startswith": key + "-"}
    keys = Author.objects.filter(**condition).order_by("key").values_list("key", flat=True).distinct()[:4]
    found = []
    for each in keys if len(keys) <= 3 else []:
        papers = Paper.objects.by_author_key(each).count()
        name = Author.objects.filter(key=each).first().name
        found.append(Named("Author", name, papers, reverse("publications:author", args=[each])))
    return found
