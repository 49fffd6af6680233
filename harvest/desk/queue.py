"""The candidates that wait, ranked, as a query string narrows them."""

from collections import Counter, defaultdict
from datetime import date
from functools import cached_property

from django import forms
from django.db.models import Case, Count, Q, When
from django.db.models.functions import Substr
from django.http import QueryDict

from harvest.models import Candidate, SearchRule

YES = [("", "any"), ("yes", "yes")]
# Characters 5 to 9 of a bibcode, with the dots that fill a short bibstem.
STEM = Substr("bibcode", 5, 5)


class QueueForm(forms.Form):
    """Messages name the parameter, as those of the public pages do."""

    rule = forms.RegexField(
        r"^\d{1,9}$", required=False, error_messages={"invalid": "rule: the number of a rule is expected"}
    )
    year = forms.RegexField(
        r"^\d{4}$", required=False, error_messages={"invalid": "year: four digits are expected"}
    )
    journal = forms.CharField(required=False, max_length=5)
    tag = forms.CharField(required=False, max_length=120)
    postponed = forms.ChoiceField(choices=YES, required=False)
    suggested = forms.ChoiceField(choices=YES, required=False)
    page = forms.IntegerField(
        required=False,
        min_value=1,
        error_messages={"invalid": "page: a number is expected", "min_value": "page: 1 is the first"},
    )

    def __init__(self, query):
        super().__init__(query)
        for name in ("postponed", "suggested"):
            self.fields[name].error_messages["invalid_choice"] = f"{name}: only “yes” is allowed"


class Queue:
    def __init__(self, query):
        self.form = QueueForm(query)
        self.chosen = {name: value for name, value in query.items() if value and name in self.form.fields}
        self.answer = self.form.cleaned_data if self.form.is_valid() else {}

    @cached_property
    def query_string(self):
        """What narrows the queue, to be carried from page to page; ``?…`` or nothing."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.chosen.items() if name != "page"})
        return f"?{query.urlencode()}" if query else ""

    def candidates(self):
        """Nothing, when the query string is malformed."""
        if self.form.errors:
            return Candidate.objects.none()
        wanted = self.answer
        if wanted["postponed"]:
            candidates = Candidate.objects.pending().filter(postponed_until__gt=date.today())
        else:
            candidates = Candidate.objects.waiting(date.today())
        if wanted["suggested"]:
            candidates = candidates.filter(suggested=True)
        if wanted["year"]:
            candidates = candidates.filter(year=wanted["year"])
        if wanted["journal"]:
            candidates = candidates.annotate(stem=STEM).filter(stem=wanted["journal"].ljust(5, "."))
        matches = Candidate.rules.through.objects
        if wanted["rule"]:
            candidates = candidates.filter(
                pk__in=matches.filter(searchrule=wanted["rule"]).values("candidate")
            )
        if wanted["tag"]:
            tagging = matches.filter(searchrule__tag_name=wanted["tag"])
            candidates = candidates.filter(pk__in=tagging.values("candidate"))
        return candidates

    def ranked(self):
        return self.candidates().ranked()

    @property
    def count(self):
        """How many are in it; those that wait are counted already."""
        if self.query_string or self.form.errors:
            return self.candidates().count()
        return self.totals["waiting"]

    def after(self, pk):
        """Id of the best one that stands behind that of ``pk``, decided or not; of all, when that is none."""
        behind = self.ranked()
        score = Candidate.objects.filter(pk=pk).values_list("score", flat=True).first()
        if score is not None:
            behind = behind.filter(Q(score__lt=score) | Q(score=score, pk__gt=pk))
        return behind.values_list("pk", flat=True).first()

    @cached_property
    def totals(self):
        """How many are ``postponed`` and ``waiting``; of these ``suggested``, by ``year``, by ``journal``."""
        totals = {"waiting": 0, "postponed": 0, "suggested": 0, "year": Counter(), "journal": Counter()}
        put_off = Case(When(postponed_until__gt=date.today(), then=True), default=False)
        groups = Candidate.objects.pending().order_by().values_list("year", STEM, "suggested", put_off)
        for year, stem, suggested, postponed, number in groups.annotate(number=Count("pk")):
            if postponed:
                totals["postponed"] += number
            else:
                totals["waiting"] += number
                totals["suggested"] += number if suggested else 0
                totals["year"][year] += number
                totals["journal"][stem.rstrip(".")] += number
        return totals

    def choices(self):
        """``{parameter: [(value, shown, number of candidates)]}`` over all that wait."""
        waiting = Candidate.objects.waiting(date.today()).order_by()
        by_rule = waiting.number_by_rule()
        rules = SearchRule.objects.in_bulk(list(by_rule))
        return {
            "rule": sorted(((pk, rules[pk].name, n) for pk, n in by_rule.items()), key=lambda rule: rule[1]),
            "tag": sorted((name, name, n) for name, n in number_by_tag(waiting, rules, by_rule)),
            "journal": sorted((stem, stem, n) for stem, n in self.totals["journal"].items()),
            "year": [(year, year, n) for year, n in sorted(self.totals["year"].items(), reverse=True)],
        }


def number_by_tag(waiting, rules, by_rule):
    """``(tag's name, how many of the candidates)``: its rule's number, counted anew where it has several."""
    suggesting = defaultdict(list)
    for pk, rule in rules.items():
        if rule.tag_name:
            suggesting[rule.tag_name].append(pk)
    for name, keys in suggesting.items():
        number = by_rule[keys[0]]
        if len(keys) > 1:
            matches = Candidate.rules.through.objects.filter(searchrule__in=keys, candidate__in=waiting)
            number = matches.aggregate(number=Count("candidate", distinct=True))["number"]
        yield name, number
