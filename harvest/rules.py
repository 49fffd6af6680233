"""Search rules → queries in ADS's language. Pure.

At ADS the space binds loosest (``a OR b c`` is ``(a OR b) AND c``), so every part stands in brackets.
"""

import re
from urllib.parse import urlencode

from harvest.ads.client import LONGEST_ADDRESS, quoted
from harvest.ads.records import FIELDS

NAME = re.compile(r'"([^"]+)"')


class BrokenRule(ValueError):
    """A rule that cannot be made into a query; the message says which one, and why."""


def names_of(facility_queries):
    """Every quoted name in the queries of facility rules, once, in order."""
    return list(dict.fromkeys(name for query in facility_queries for name in NAME.findall(query)))


def group_query(bibcodes, words, main_words):
    """Papers that cite the group's own papers, or name it beside ``main_words``."""
    parts = []
    if bibcodes:
        parts.append(f"citations(identifier:{quoted(bibcodes)})")
    if words:
        named = f"=full:{quoted(words)}"
        parts.append(f"(=full:{quoted(main_words)} AND {named})" if set(main_words) - set(words) else named)
    if not parts:
        raise BrokenRule("a software group needs papers of its own or words")
    return "({})".format(" OR ".join(parts))


class Filling:
    """What stands for the ``<…>`` of a query.

    Parameters
    ----------
    libraries : dict
        Name of a library → its ADS id; of bound libraries only.
    names, bibstems : list of str
    """

    def __init__(self, libraries, names, bibstems):
        self.libraries = libraries
        self.names = names
        self.bibstems = bibstems

    def fill(self, query, group=""):
        """``query`` without placeholders.

        A subtraction of a library that is not bound, or of no bibstems, is dropped: we subtract here anyway.
        """
        query = re.sub(r"-docs\(library/<([^>]+)>\)", self.subtract_library, query)
        if not self.bibstems:
            query = re.sub(r"-bibstem:<filtered-bibstems>", "", query)
        query = query.replace("<filtered-bibstems>", "({})".format(" OR ".join(self.bibstems)))
        query = query.replace("<group>", group)
        if "<names>" in query:
            if not self.names:
                raise BrokenRule("<names> stands for the names in active facility rules, and there is none")
            query = query.replace("<names>", quoted(self.names))
        for name, ads_id in self.libraries.items():
            query = query.replace(f"<{name}>", ads_id)
        left = re.search(r"<[a-z][^<>]*>", query)
        if left:
            raise BrokenRule(f"{left[0]} stands for nothing: no bound library has that name")
        return " ".join(query.split())

    def subtract_library(self, match):
        ads_id = self.libraries.get(match[1])
        return f"-docs(library/{ads_id})" if ads_id else ""


def joined(*parts):
    """AND of the parts that are not empty, each in brackets (a leading minus is allowed inside)."""
    return " ".join(f"({part})" for part in parts if part)


def any_of(parts):
    return " OR ".join(f"({part})" for part in parts)


def address_length(query, fields=FIELDS):
    asked = {
        "q": query,
        "fl": fields,
        "rows": 2000,
        "sort": "date desc,id desc",
        "cursorMark": "AoE" + "0" * 40,
    }
    return len("/v1/search/query?" + urlencode(asked))


def long_queries(base, subtraction, bringing, globals_, longest=LONGEST_ADDRESS):
    """As few queries as fit ADS's address length, which together find what any rule brings in.

    ``bringing``: filled queries that need the base; ``globals_``: those that stand alone.

    Raises
    ------
    BrokenRule
        When one rule alone is too long.
    """
    alternatives = [("base", query) for query in bringing] + [("alone", query) for query in globals_]
    queries, batch = [], []
    for alternative in alternatives:
        if address_length(long_query(base, subtraction, [*batch, alternative])) <= longest:
            batch.append(alternative)
            continue
        if not batch or address_length(long_query(base, subtraction, [alternative])) > longest:
            raise BrokenRule(f"too long for ADS, split it into two rules: {alternative[1][:80]}…")
        queries.append(long_query(base, subtraction, batch))
        batch = [alternative]
    return [*queries, long_query(base, subtraction, batch)] if batch else queries


def long_query(base, subtraction, alternatives):
    with_base = [query for kind, query in alternatives if kind == "base"]
    parts = [joined(base, any_of(with_base))] if with_base else []
    parts += [query for kind, query in alternatives if kind == "alone"]
    return joined(any_of(parts), subtraction)


def short_query(base, subtraction, globals_, rule):
    """What of the whole field ``rule`` finds: the long query's scope with the rule AND-ed."""
    return joined(any_of([base, *globals_]), subtraction, rule)
