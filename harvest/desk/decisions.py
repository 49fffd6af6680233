"""What a curator may do with one candidate: each takes what the page sent and says what was done."""

from datetime import date, timedelta

from django import forms

from harvest import curation
from harvest.desk.offers import MAIN_CATEGORY, tags_sent
from harvest.models import BlocklistEntry
from publications.models import Category

REASONS = [choice for choice in BlocklistEntry.Reason.choices if choice[0] != "uncurated"]
A_WHILE = timedelta(days=30)
LONGEST_NOTE = 2000


class Unfinished(Exception):
    """Something is missing or malformed in what was sent; the message says what."""


class NoMainCategory(Unfinished):
    """Asked once: sent again with ``without``, the paper is accepted all the same."""


class BlockForm(forms.Form):
    reason = forms.ChoiceField(
        choices=REASONS,
        error_messages={
            "required": "reason: choose one of the list",
            "invalid_choice": "reason: “%(value)s” is none of the list",
        },
    )
    note = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        error_messages={"max_length": "note: at most %(limit_value)d characters, not %(show_value)d"},
    )


class PostponeForm(forms.Form):
    until = forms.DateField(
        error_messages={
            "required": "until: give a date",
            "invalid": "until: a date as 2026-12-31 is expected",
        }
    )


class CommentForm(forms.Form):
    comment = forms.CharField(
        max_length=LONGEST_NOTE,
        error_messages={
            "required": "comment: there is nothing to keep",
            "max_length": "comment: at most %(limit_value)d characters, not %(show_value)d",
        },
    )


def answer_of(form):
    if not form.is_valid():
        raise Unfinished("; ".join(error for errors in form.errors.values() for error in errors))
    return form.cleaned_data


def accept(candidate, sent, by):
    tags = tags_sent(sent)
    main = any(tag.category.name == MAIN_CATEGORY for tag in tags)
    if (
        not main
        and "without" not in sent
        and Category.objects.filter(name=MAIN_CATEGORY, tags__gt=0).exists()
    ):
        raise NoMainCategory(
            "No main category is chosen. Choose one by its digit, or accept once more to go on without."
        )
    curation.accept(candidate, tags, by)
    carried = ", ".join(tag.name for tag in tags) or "no tag"
    return f"Accepted {candidate.bibcode} with {carried}" + ("" if main else "; it has no main category")


def block(candidate, sent, by):
    answer = answer_of(BlockForm(sent))
    entry = curation.block(candidate, answer["reason"], answer["note"], by)
    return f"Blocked {candidate.bibcode}: {entry.get_reason_display()}"


def postpone(candidate, sent, by):
    until = answer_of(PostponeForm(sent))["until"]
    curation.postpone(candidate, until, by)
    return f"Postponed {candidate.bibcode} to {until}"


def comment(candidate, sent, by):
    curation.comment(candidate, answer_of(CommentForm(sent))["comment"], by)
    return f"Kept your words on {candidate.bibcode}"


def withdraw(candidate, sent, by):
    curation.withdraw(candidate, by)
    return f"Withdrew {candidate.bibcode}: it is in the database"


DECISIONS = {f.__name__: f for f in (accept, block, postpone, comment, withdraw)}
# After these the same candidate is shown again.
STAYING = {"comment"}


def in_a_while():
    return date.today() + A_WHILE
