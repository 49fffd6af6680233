"""Accounts and groups: only administrators, whatever other rights somebody was given."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User


class SuperusersOnly:
    """Who may edit accounts could make himself anything; so the right cannot be handed out."""

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_add_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_delete_permission(self, request, obj=None):
        return self.has_module_permission(request)


admin.site.unregister([User, Group])


@admin.register(User)
class AccountAdmin(SuperusersOnly, UserAdmin):
    list_display = ["username", "email", "is_active", "is_staff", "is_superuser", "last_login"]
    search_fields = ["username", "email"]


@admin.register(Group)
class RolesAdmin(SuperusersOnly, GroupAdmin):
    """The rights of the group ``curator`` are set anew by each ``migrate``."""
