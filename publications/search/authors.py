"""``author:``, and the parameters ``author`` and ``first-author``: names as papers print them.

"Surname, Given": the surname is the whole surname; each given name is the same, or one is the
initial of the other; given names that only one side has do not count. ``Mérand, A`` so finds
``Mérand, A.``, ``Mérand, Antoine`` and ``Mérand, A. B.``, and ``Mérand, Antoine`` finds
``Mérand, A.`` but not ``Mérand, Alain``. Without a comma: whole words anywhere in one name.
A ``^`` in front asks for the first author.
"""

import json

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from publications.folding import words_of
from publications.models import Author, Authorship
from publications.search.terms import check_name
from publications.search.words import Wanted, having


def written_by(name, first=False):
    """Condition on papers: one of the authors (the first) has this name.

    Raises
    ------
    ValueError
        When nothing of the surname can be searched; the text can be shown.
    """
    check_name(name)
    first = first or name.lstrip().startswith("^")
    name = name.lstrip(" ^")
    if "," not in name:
        return having(Wanted(words_of(name), ("first_author",) if first else ("authors",)))
    written = Authorship.objects.filter(author__in=inlined(spellings(name)))
    if first:
        written = written.filter(position=1)
    return Q(pk__in=written.values("paper"))


def spellings(name):
    """Keys of the authors whose "Surname, Given" may be the person ``name``."""
    surname, given = parts_of(name)
    key = "-".join(surname)
    # A key is surname and first initial: "." is the character behind "-".
    authors = Author.objects.filter(Q(key=key) | Q(key__gt=f"{key}-", key__lt=f"{key}."), name__contains=",")
    if given:
        authors = Author.objects.filter(key__in=[key, f"{key}-{given[0][0]}"], name__contains=",")
    return [
        pk for pk, other in authors.values_list("pk", "name") if may_be(parts_of(other), (surname, given))
    ]


def is_one_spelling(name):
    """Whether ``author:`` finds the papers of this very spelling and of no other."""
    try:
        check_name(name)
    except ValueError:
        return False
    if "," in name:
        return len(spellings(name)) == 1
    return Author.objects.filter(folded__contains=" ".join(words_of(name))).count() == 1


def parts_of(name):
    surname, _, given = name.partition(",")
    return words_of(surname), words_of(given)


def may_be(one, other):
    """Whether two names (surname, given names) may be one person's."""
    return one[0] == other[0] and all(
        a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in zip(one[1], other[1], strict=False)
    )


def inlined(keys):
    """``keys`` as one parameter: a database limits how many a statement may have."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [keys])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)])
