"""The vocabulary as a YAML file: taken out, and brought back after a look at what changes."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from harvest.desk.tags import foreseen, sent
from harvest.vocabulary import yaml_file
from harvest.vocabulary.changes import CannotChange, carry_out
from harvest.vocabulary.importing import Import


@require_safe
def export(request):
    response = HttpResponse(yaml_file.written(), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vocabulary.yaml"'
    return response


class FileForm(forms.Form):
    file = forms.FileField(label="A file", required=False)
    text = forms.CharField(
        label="or its text",
        required=False,
        max_length=yaml_file.LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > yaml_file.LONGEST:
            raise forms.ValidationError(f"file: at most {yaml_file.LONGEST:,} bytes, not {file.size:,}")
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("file: save it as UTF-8 text; this is none") from error

    def clean(self):
        answer = super().clean()
        if not self.errors:
            text = answer["file"] or answer["text"]
            if not text.strip():
                raise forms.ValidationError("file: choose a YAML file, or paste its text")
            try:
                answer["change"] = Import(yaml_file.read(text))
            except yaml_file.BrokenFile as error:
                raise forms.ValidationError(error.problems[:20]) from error
            answer["read"] = text
        return answer


@require_http_methods(["GET", "HEAD", "POST"])
def vocabulary_import(request):
    """By POST what a file would change; by POST with ``seen``, the mark of that, it is done as one act."""
    form = FileForm(sent(request), request.FILES if request.method == "POST" else None)
    context = {"title": "Import the vocabulary", "form": form}
    if not form.is_bound or not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "admin/desk/vocabulary_import.html", request.desk | context, status=status)
    wanted, status = form.cleaned_data["change"], 200
    wanted.new_categories = request.user.has_perm("publications.add_category")
    try:
        if "seen" in request.POST:
            made = carry_out(wanted, request.user, request.POST["seen"])
            messages.success(request, f"{capfirst(made.name)}: one act, which can be undone as a whole")
            return redirect(reverse("admin:act", args=[made.pk]))
        wanted.check()
    except CannotChange as error:
        context["refusal"], status = str(error), 409 if "seen" in request.POST else 400
    context |= foreseen(request, wanted)
    # A file does not come along a second time: its text does.
    context["carried"] = [("text", form.cleaned_data["read"])]
    return render(request, "admin/desk/vocabulary_import.html", request.desk | context, status=status)
