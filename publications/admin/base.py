"""What the admin pages of all models share: how they search, what they refuse, how they revert."""

from contextlib import contextmanager

from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from simple_history.admin import SimpleHistoryAdmin

from publications.folding import fold

LONGEST_SEARCH = 200


class Searched:
    """Every word of a search must be in one of `search_fields` or, folded, in one of `folded_fields`.

    Folded columns make "merand" find "Mérand" on both databases; SQLite's own LIKE knows only ASCII.
    """

    folded_fields = ()
    show_full_result_count = False

    def get_ordering(self, request):
        """The model's own, said aloud: a query that counts would forget it."""
        return self.ordering or self.model._meta.ordering

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.replace("\0", " ")[:LONGEST_SEARCH].split():
            queryset = queryset.filter(self.having(word))
        return queryset, False

    def having(self, word):
        """The condition that a row has ``word``. Subclasses add sub-queries; a join would repeat rows."""
        condition = models.Q()
        for field in self.get_search_fields(None):
            condition |= models.Q(**{f"{field}__icontains": word})
        if folded := fold(word):
            for field in self.folded_fields:
                condition |= models.Q(**{f"{field}__contains": folded})
        return condition


class PlainAdmin(Searched, admin.ModelAdmin):
    """For models without a history of their own."""


class HistoryAdmin(Searched, SimpleHistoryAdmin):
    """History and revert, for those who may change the row; a row that is gone, for those who may add one."""

    def history_view(self, request, object_id, extra_context=None):
        self.require_number(object_id)
        with not_found_when_its_owner_is_gone():
            return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """The form of an old state. Saving it is one transaction, refused without the right to change.

        simple_history itself lets everyone save who may look.
        """
        self.require_number(object_id, version_id)
        if request.method == "POST" and not self.may_revert(request, object_id):
            raise PermissionDenied
        try:
            with not_found_when_its_owner_is_gone(), transaction.atomic():
                return super().history_form_view(request, object_id, version_id, extra_context)
        except IntegrityError:
            messages.error(
                request,
                "This state cannot come back: its name is taken by now, or a row that it needs is gone.",
            )
            return HttpResponseRedirect(request.path)

    def revert_disabled(self, request, obj=None):
        return super().revert_disabled(request, obj) or (
            obj is not None and not self.may_revert(request, obj.pk)
        )

    def may_revert(self, request, pk):
        if not self.has_change_permission(request):
            return False
        return self.model._default_manager.filter(pk=pk).exists() or self.has_add_permission(request)

    @staticmethod
    def require_number(*keys):
        if not all(key.isdecimal() for key in keys):
            raise Http404


@contextmanager
def not_found_when_its_owner_is_gone():
    """A deleted link or assignment has no name any more when its target, tag or paper is deleted too."""
    try:
        yield
    except ObjectDoesNotExist as error:
        raise Http404(f"What this row belonged to is deleted: {error}") from error


class ReadOnly:
    """Rows that other parts of the site write: nobody changes them here."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def link_to_list(model, count, **lookup):
    """``count`` as a link to the rows of ``model`` that it counts."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, urlencode(lookup), count)
