"""A query's tree as a condition on papers: a `Q` of sub-queries, so that no paper is repeated.

A word, a phrase: `publications.search.words`. Fields: docs/search.md.
"""

import operator
from functools import reduce

from django.db.models import Q

from publications.folding import target_key
from publications.models import Identifier, Tag, TagAssignment, TargetAlias, TargetLink
from publications.models.paper import Journal
from publications.search.authors import written_by
from publications.search.errors import QueryError, readable
from publications.search.language import And, Not, Or, parse
from publications.search.suggestions import nearest
from publications.search.terms import PART_OF_BIBCODE, years_of
from publications.search.words import ANYWHERE, Wanted, having, part_of_bibcode

COLUMNS = {
    "": ANYWHERE,
    "title": ("title",),
    "abs": ("title", "abstract", "keywords"),
    "keyword": ("keywords",),
}


def searched(q, user=None):
    """The condition that a text in the search language puts on papers, as ``user`` may ask it.

    Raises
    ------
    QueryError
        When ``q`` is no query, or names a tag, target or bibstem that is not here. A hidden
        tag is not here, except for a curator.
    """
    return Matcher(q, user).condition(parse(q))


class Matcher:
    """One query asked by one user; a method for each kind of field."""

    def __init__(self, q, user):
        self.q, self.user = q, user

    def condition(self, node):
        match node:
            case And(parts):
                return reduce(operator.and_, map(self.condition, parts))
            case Or(parts):
                return reduce(operator.or_, map(self.condition, parts))
            case Not(part):
                return ~self.condition(part)
        return self.text(node) if node.field in COLUMNS else getattr(self, node.field)(node)

    def text(self, term):
        alternatives = [Wanted(term.words, COLUMNS[term.field], term.is_prefix)]
        if not term.field and not term.quoted and PART_OF_BIBCODE.fullmatch(term.text):
            alternatives.append(part_of_bibcode(term.text))
        return having(*alternatives)

    def author(self, term):
        return written_by(term.text)

    def year(self, term):
        first, last = years_of(term.text)
        bounds = {"year__gte": first, "year__lte": last}
        return Q(**{name: year for name, year in bounds.items() if year is not None})

    def bibcode(self, term):
        return having(part_of_bibcode(term.text))

    def doi(self, term):
        return identified(term.text)

    def arxiv(self, term):
        return identified(term.text)

    def bibstem(self, term):
        bibstem = term.text.strip().casefold()
        journals = Journal.objects.values_list("pk", "bibstem")
        same = [pk for pk, other in journals if other.casefold() == bibstem]
        if not same:
            raise self.unknown("journal with the bibstem", term)
        return Q(journal__in=same)

    def tag(self, term):
        tag = Tag.objects.visible_to(self.user).named(term.text)
        if tag is None:
            names = Tag.objects.visible_to(self.user).values_list("name", flat=True)
            raise self.unknown("tag", term, nearest(term.text, names))
        return Q(pk__in=TagAssignment.objects.filter(tag=tag).values("paper"))

    def target(self, term):
        aliases = TargetAlias.objects.filter(key=target_key(term.text))
        if not aliases.exists():
            raise self.unknown("target", term)
        return Q(pk__in=TargetLink.objects.filter(target__in=aliases.values("target")).values("paper"))

    def unknown(self, what, term, nearest=None):
        hint = f" (did you mean “{nearest}”?)" if nearest else ""
        return QueryError(f"there is no {what} “{readable(term.text)}”{hint}", term.start, self.q)


def identified(value):
    return Q(pk__in=Identifier.objects.filter(key=Identifier.key_of(value)).values("paper"))
