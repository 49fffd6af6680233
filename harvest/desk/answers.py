"""What the pages of findings share: rights, keys of rows from a form, an outcome that can be undone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from harvest.activity import may_undo
from publications.models import Act
from publications.undo import CannotUndo, undo


def require(request, *rights):
    if not request.user.has_perms(rights):
        raise PermissionDenied


def key_of(text):
    """A key of a row, or None when the text is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def outcome(request, made, said, back):
    """Say what was done and offer to undo it: to htmx as a row, else as the page ``back`` again."""
    if "HX-Request" in request.headers:
        return render(request, "admin/desk/done_row.html", {"act": made, "said": said, "back": back})
    messages.success(request, said)
    return redirect(f"{back}?done={made.pk}")


def refusal(request, error, back):
    """Say why nothing was done; to htmx beside the row."""
    if "HX-Request" in request.headers:
        return render(
            request, "admin/desk/done_row.html", {"said": str(error), "refused": True, "back": back}
        )
    messages.error(request, str(error))
    return redirect(back)


def done_before(request):
    """The act that the page was led back from, when it is the person's own and nobody undid it."""
    key = key_of(request.GET.get("done", ""))
    return key and Act.objects.standing().filter(pk=key, by=request.user).first()


def undo_own(request, back):
    """Undo an act of the person's own; those of others are undone on the page of the history."""
    act = Act.objects.filter(pk=key_of(request.POST.get("undo", "")), by=request.user).first()
    try:
        if act is None:
            raise CannotUndo("only what you did yourself is undone here")
        if not may_undo(request.user, act):
            raise CannotUndo("this changed what you may not change any more: ask an administrator")
        undo(act, request.user)
        messages.success(request, f"Undone: {act.name}")
    except CannotUndo as error:
        messages.error(request, str(error))
    response = redirect(back)
    if "HX-Request" in request.headers:
        response.status_code, response["HX-Redirect"] = 204, back
    return response
