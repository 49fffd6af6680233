"""From what a visitor writes to a row of the queue."""

import re

from django import forms

from harvest.limits import over
from harvest.models import Suggestion
from publications import bibcode as bibcodes
from publications.models import Identifier, Paper

IN_AN_HOUR, FROM_ONE_ADDRESS = 100, 5
DOI = re.compile(r"10\.\d{4,9}/\S+")
ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7}")
ADDRESS = re.compile(r"https?://\S+?/abs/([^/\s]+)(?:/abstract)?/?")


class SuggestionForm(forms.ModelForm):
    # People do not see it; programs that fill every field give themselves away.
    website = forms.CharField(required=False, label="Leave this empty")

    class Meta:
        model = Suggestion
        fields = ["kind", "identifier", "text"]
        labels = {"kind": "What", "identifier": "Bibcode, DOI or arXiv id", "text": "In your words"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4, "maxlength": 2000})}

    def clean_identifier(self):
        return understood(self.cleaned_data["identifier"])

    def clean_text(self):
        text = self.cleaned_data["text"].strip()
        if len(text) > 2000:
            raise forms.ValidationError("at most 2,000 characters")
        return text

    def clean(self):
        answer = super().clean()
        if answer.get("kind") not in (None, Suggestion.Kind.MISSING) and "identifier" in answer:
            if not answer.get("text"):
                self.add_error("text", "say what should change")
            if paper_of(answer["identifier"]) is None:
                self.add_error("identifier", "no paper here has this identifier")
        return answer


def understood(text):
    """The bibcode, DOI or arXiv id in ``text``, without what stands around it."""
    text = text.strip()
    if found := ADDRESS.fullmatch(text):
        text = found[1].replace("%26", "&")
    if bibcodes.is_bibcode(text):
        return text
    key = Identifier.key_of(text)
    if DOI.fullmatch(key) or ARXIV.fullmatch(key):
        return key
    raise forms.ValidationError("a bibcode (19 characters), a DOI (10.…) or an arXiv id is expected")


def paper_of(identifier):
    return Paper.objects.with_identifier(identifier).first()


def too_many(address):
    """Count one suggestion from an address; whether that was too many, from there or from all."""
    return any([over(f"suggest-{address}", FROM_ONE_ADDRESS), over("suggest", IN_AN_HOUR)])


def store(form):
    """Keep what a visitor suggests; a trapped program's is thrown away, and the program told nothing."""
    if form.cleaned_data["website"]:
        return None
    suggestion = form.save(commit=False)
    suggestion.paper = paper_of(suggestion.identifier)
    suggestion.save()
    return suggestion
