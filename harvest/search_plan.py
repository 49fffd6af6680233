"""The active search rules, filled in and joined to the queries of a run."""

import re

from harvest.ads.client import quoted
from harvest.known import Known
from harvest.models import SearchRule
from harvest.rules import BrokenRule, Filling, group_query, joined, long_queries, names_of, short_query
from publications.models import Library

Kind = SearchRule.Kind
BRINGING = (Kind.FACILITY, Kind.GROUP)
LABELLING = (*BRINGING, Kind.SECOND)
# So many bibcodes are named in a query; of more, the whole field is asked for.
FEW = 40


class SearchPlan:
    """The active rules, filled in.

    ``labels``: rule → query, for those that suggest a tag. ``without``: names of libraries that ADS lacks.
    """

    def __init__(self, first_year=None, without=()):
        rules = list(SearchRule.objects.active().select_related("group"))
        facilities = [rule.query for rule in rules if rule.kind == Kind.FACILITY]
        self.names = names_of(facilities)
        known_here = Known()
        self.known = known_here
        bound = Library.objects.exclude(ads_id=None).exclude(name__in=without).values_list("name", "ads_id")
        self.filling = Filling(dict(bound), self.names, known_here.filtered)
        self.base = " ".join(self.filled(rule) for rule in rules if rule.kind == Kind.BASE)
        if first_year is not None:
            self.base, years = re.subn(r"year:\[\d{4} TO NOW\]", f"year:[{first_year} TO NOW]", self.base)
            if not years:
                raise BrokenRule(
                    "no base rule says “year:[… TO NOW]”, so that no other first year can be set"
                )
        self.subtraction = " ".join(self.filled(rule) for rule in rules if rule.kind == Kind.SUBTRACTION)
        self.globals = [self.filled(rule) for rule in rules if rule.kind == Kind.GLOBAL]
        self.labels = {rule: self.filled(rule) for rule in rules if rule.kind in LABELLING}
        self.bringing = [query for rule, query in self.labels.items() if rule.kind in BRINGING]

    def filled(self, rule):
        """
        Raises
        ------
        BrokenRule
            Naming the rule.
        """
        try:
            group = rule.group
            as_group = group_query(group.bibcodes, group.words, ["JMMC"]) if group else ""
            return self.filling.fill(rule.query, as_group)
        except BrokenRule as error:
            raise BrokenRule(f"search rule “{rule.name}”: {error}") from error

    def gone_libraries(self, client):
        """Names of libraries that are subtracted and that ADS has no more, or not for us.

        A search that names one fails as if ADS were out of order.
        """
        bound = self.filling.libraries.items()
        named = [(name, ads_id) for name, ads_id in bound if f"library/{ads_id}" in self.subtraction]
        return [name for name, ads_id in named if not client.libraries.exists(ads_id)]

    def long(self):
        return long_queries(self.base, self.subtraction, self.bringing, self.globals)

    def short(self, query, bibcodes_wanted):
        """What ``query`` finds among the wanted ones, or in the whole field when they are many."""
        if len(bibcodes_wanted) <= FEW:
            return joined(f"bibcode:{quoted(sorted(bibcodes_wanted))}", query)
        return short_query(self.base, self.subtraction, self.globals, query)
