"""The vocabulary on the desk: each tag and category, and their changes, looked at before they are done."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.forms.models import construct_instance
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from harvest.desk.answers import done_before, require, undo_own
from harvest.vocabulary.changes import CannotChange, carry_out
from harvest.vocabulary.merging import Merge
from harvest.vocabulary.moving import Move
from harvest.vocabulary.naming import Naming
from harvest.vocabulary.renaming import Rename
from harvest.vocabulary.retiring import Retire
from harvest.vocabulary.showing import Show, tags_by_category
from harvest.vocabulary.splitting import Part, Split
from publications.admin.vocabulary import TagForm, shown
from publications.models import Category, Library, Paper, Tag
from publications.models.history import act

ASSIGNING = ("publications.add_tagassignment", "publications.delete_tagassignment")
PARTS = 4


@require_safe
def tags(request):
    context = {"vocabulary": tags_by_category()}
    return render(request, "admin/desk/tags.html", request.desk | context)


class DescribeForm(TagForm):
    class Meta:
        model = Tag
        fields = ["description", "parents", "position"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3}), "parents": forms.CheckboxSelectMultiple}


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ["label", "description", "position"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


@require_http_methods(["GET", "HEAD", "POST"])
def tag(request, pk):
    """One tag: what it is, who names it, its description and parents to edit, its changes."""
    row = get_object_or_404(Tag.objects.select_related("category", "leads_to"), pk=pk)
    back = reverse("admin:tag", args=[pk])
    if "undo" in request.POST:
        return undo_own(request, back)
    form = DescribeForm(sent(request), instance=row)
    if request.method == "POST":
        require(request, "publications.change_tag")
        if form.is_valid():
            return save(request, form, f"described the tag {row}", back)
    naming = Naming(row)
    context = {
        "title": row.name,
        "tag": row,
        "home": shown(row.category),
        "papers": row.assignments.count(),
        "library": Library.objects.filter(tag=row).first(),
        "parents": row.parents.all(),
        "children": row.children.all(),
        "old": row.old_slugs.all(),
        "rules": [*naming.search_rules, *naming.consistency_rules, *naming.groups],
        "kinds": KINDS,
        "form": form,
        "done": done_before(request),
    }
    status = 400 if form.is_bound else 200
    return render(request, "admin/desk/tag.html", request.desk | context, status=status)


def sent(request):
    """The answers to a form, or None when nobody gave any yet."""
    return request.POST if request.method == "POST" else None


def save(request, form, name, back):
    """Save a form as one act that can be undone; nothing when nothing was changed."""
    if not form.has_changed():
        messages.info(request, "Nothing was changed.")
        return redirect(back)
    with act(name, request.user) as made:
        # Somebody may have changed the rest of the row since it was read.
        rows = type(form.instance).objects.select_for_update(of=("self",))
        row = get_object_or_404(rows, pk=form.instance.pk)
        form.instance = construct_instance(form, row, form.changed_data)
        form.save()
    messages.success(request, capfirst(name))
    return redirect(f"{back}?done={made.pk}")


# --- Changes, with a preview ---------------------------------------------------------------------


class ChangeForm(forms.Form):
    """What is needed for a change; ``change(tag, user)`` makes it of the cleaned answers."""


class RenameForm(ChangeForm):
    name = forms.CharField(max_length=120, label="New name")
    new_address = forms.BooleanField(
        required=False, label="Make a new address of the new name; the old one redirects"
    )

    def change(self, tag, user):
        return Rename(tag, " ".join(self.cleaned_data["name"].split()), self.cleaned_data["new_address"])


class TagChoice(forms.ModelChoiceField):
    def __init__(self, **options):
        super().__init__(Tag.objects.to_give().select_related("category"), **options)

    def label_from_instance(self, tag):
        return f"{tag} ({shown(tag.category)})"


class MergeForm(ChangeForm):
    into = TagChoice(
        label="The tag that stays", error_messages={"invalid_choice": "into: no such tag is given"}
    )

    def change(self, tag, user):
        return Merge(tag, self.cleaned_data["into"])


class MoveForm(ChangeForm):
    category = forms.ModelChoiceField(Category.objects.in_use(), label="To the category")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].label_from_instance = shown

    def change(self, tag, user):
        return Move(tag, self.cleaned_data["category"])


class RetireForm(ChangeForm):
    leads_to = TagChoice(required=False, label="Its address leads to", empty_label="a page that says so")

    def change(self, tag, user):
        return Retire(tag, self.cleaned_data["leads_to"])


class SplitForm(ChangeForm):
    keep = forms.BooleanField(required=False, label="The papers keep the old tag too")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for n in range(1, PARTS + 1):
            self.fields[f"name-{n}"] = forms.CharField(required=False, max_length=120, label=f"Tag {n}")
            self.fields[f"search-{n}"] = forms.CharField(
                required=False,
                max_length=2000,
                label=f"for the papers of search {n}",
                widget=forms.TextInput(attrs={"placeholder": "year=2004-2010&q=polarimetry"}),
            )
        self.order_fields([*[name for name in self.fields if name != "keep"], "keep"])

    def clean(self):
        answer = super().clean()
        for n in range(1, PARTS + 1):
            if answer.get(f"search-{n}") and not answer.get(f"name-{n}"):
                self.add_error(f"name-{n}", f"name-{n}: say which tag the papers of this search get")
        return answer

    def change(self, tag, user):
        answer = self.cleaned_data
        parts = [
            Part(" ".join(answer[f"name-{n}"].split()), QueryDict(answer[f"search-{n}"].rpartition("?")[2]))
            for n in range(1, PARTS + 1)
            if answer[f"name-{n}"].strip()
        ]
        return Split(tag, parts, user, answer["keep"])


@dataclass(frozen=True)
class Kind:
    """A change of a tag: ``says`` what it does, ``button`` does it; ``rights`` beside that to change tags."""

    form: type
    button: str
    says: str
    rights: tuple = ()


KINDS = {
    "rename": Kind(RenameForm, "Rename", "The papers keep it. Rules and the ADS library take the new name."),
    "merge": Kind(
        MergeForm, "Merge", "Papers, children, rules and old addresses go over to another tag.", ASSIGNING
    ),
    "split": Kind(
        SplitForm,
        "Split",
        "Papers with the tag get others, as searches of this site choose them. An empty search means all; "
        "what no search finds keeps the tag.",
        ASSIGNING,
    ),
    "move": Kind(MoveForm, "Move", "To another category, public or internal."),
    "retire": Kind(
        RetireForm,
        "Retire",
        "Nobody gives it any more. Papers keep it as a fact for curators; visitors do not see it.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk, kind):
    """A form; by POST what it would do; by POST with ``seen``, the mark of that, it is done."""
    if kind not in KINDS:
        raise Http404(f"There is no change {kind!r}; there are: {', '.join(KINDS)}.")
    row = get_object_or_404(Tag.objects.select_related("category", "library"), pk=pk)
    kind_of = KINDS[kind]
    require(request, *kind_of.rights)
    form = kind_of.form(sent(request))
    context = {"title": f"{kind_of.button} {row}", "tag": row, "kind": kind_of, "form": form}
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "admin/desk/tag_change.html", request.desk | context, status=status)
    wanted = form.change(row, request.user)
    try:
        if "seen" in request.POST:
            made = carry_out(wanted, request.user, request.POST["seen"])
            messages.success(request, f"{capfirst(made.name)}: one act, which can be undone as a whole")
            left = row if Tag.objects.filter(pk=pk).exists() else wanted.into
            return redirect(f"{reverse('admin:tag', args=[left.pk])}?done={made.pk}")
        wanted.check()
        status = 200
    except CannotChange as error:
        context["refusal"], status = str(error), 409 if "seen" in request.POST else 400
    context |= foreseen(request, wanted)
    return render(request, "admin/desk/tag_change.html", request.desk | context, status=status)


def foreseen(request, wanted):
    """The effects of a change that can be done, and the answers that must come along to do it."""
    try:
        wanted.check()
        effects = wanted.foresee()
    except CannotChange:
        return {}
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "seen")
        for value in values
    ]
    return {"effects": effects, "carried": carried}


# --- Categories ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def category(request, pk):
    """One category: what it is called, and, with a preview, whether visitors see it."""
    row = get_object_or_404(Category, pk=pk)
    back = reverse("admin:category", args=[pk])
    if "undo" in request.POST:
        return undo_own(request, back)
    describing = request.method == "POST" and "label" in request.POST
    form = CategoryForm(request.POST if describing else None, instance=row)
    context = {"title": str(row), "category": row, "form": form, "done": done_before(request)}
    context["papers"] = Paper.objects.tagged_in(row).count()
    status = 200
    if describing:
        if form.is_valid():
            return save(request, form, f"described the category {row}", back)
        status = 400
    elif request.method == "POST":
        wanted = Show(row, request.POST.get("public") == "yes")
        try:
            wanted.check()
            if "seen" in request.POST:
                made = carry_out(wanted, request.user, request.POST["seen"])
                messages.success(request, capfirst(made.name))
                return redirect(f"{back}?done={made.pk}")
        except CannotChange as error:
            context["refusal"], status = str(error), 409
        context |= foreseen(request, wanted)
    return render(request, "admin/desk/category.html", request.desk | context, status=status)
