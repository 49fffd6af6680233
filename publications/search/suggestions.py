"""What a query that finds nothing may have meant."""

import difflib

from publications.models import KnownWord, Paper
from publications.search.language import parse, wanted_terms

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_COMPARED = 3000
ALIKE = 0.75


def nearest(name, names):
    """The one of ``names`` that looks most like ``name``, whatever the case; None when none does."""
    folded = {other.casefold(): other for other in names}
    found = difflib.get_close_matches(name.casefold(), folded, 1, ALIKE)
    return folded[found[0]] if found else None


def did_you_mean(q, user=None):
    """``q`` with its unknown words replaced by known ones, when that finds papers; else None.

    Words under a NOT and phrases stay as they are.
    """
    from publications.search.matching import searched

    better = q
    for term in reversed(wanted_terms(parse(q))):
        if term.quoted or len(term.words) != 1 or term.field not in ("", "title", "abs", "author"):
            continue
        word = nearest_known(term.words[0])
        if word:
            field = f"{term.field}:" if term.field else ""
            better = better[: term.start] + field + word + better[term.end :]
    return better if better != q and Paper.objects.filter(searched(better, user)).exists() else None


def nearest_known(word):
    """The known word that ``word`` may have meant; None when it is known itself or nothing is near."""
    if len(word) < 4 or KnownWord.objects.filter(pk__gte=word, pk__lt=word + "~").exists():
        return None
    near = set(KnownWord.objects.filter(pk__in=one_slip_away(word)).values_list("pk", flat=True))
    if not near:
        # More than one slip: rarely in the first two letters.
        alike = KnownWord.objects.filter(pk__gte=word[:2], pk__lt=word[:2] + "~")
        near = alike.order_by("pk").values_list("pk", flat=True)[:MOST_COMPARED]
    return next(iter(difflib.get_close_matches(word, sorted(near), 1, ALIKE)), None)


def one_slip_away(word):
    """All texts that differ from ``word`` by one letter lost, added, wrong or swapped with the next."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    lost = {a + c + b for a, b in cuts for c in LETTERS}
    added = {a + b[1:] for a, b in cuts if b}
    wrong = {a + c + b[1:] for a, b in cuts if b for c in LETTERS}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    return (lost | added | wrong | swapped) - {word}
