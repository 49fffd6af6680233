"""The admin with the desk's pages in front."""

from functools import partial, wraps

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

METHODS = ["GET", "HEAD", "POST"]


class DeskConfig(AdminConfig):
    default_site = "harvest.desk.site.Desk"


class Desk(AdminSite):
    site_title = site_header = "OLBIN Publications"
    index_title = "Desk"
    index_template = "admin/desk/home.html"
    login_template = "admin/desk/sign_in.html"

    @property
    def login_form(self):
        from harvest.desk.signing_in import SignInForm

        return SignInForm

    def login(self, request, extra_context=None):
        from harvest.desk.signed_out import bring_back

        response = super().login(request, extra_context)
        if request.method == "POST" and self.has_permission(request):
            bring_back(request)
        return response

    def admin_view(self, view, cacheable=False):
        """What is sent without a session comes back after the sign-in.

        Django's own pages would answer any other method as if it were GET.
        """
        from harvest.desk import signed_out

        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def outer(request, *args, **kwargs):
            if not self.has_permission(request) and request.path != reverse("admin:logout"):
                if request.method == "POST":
                    return signed_out.sign_in_first(self, request)
                if "HX-Request" in request.headers:
                    return HttpResponse(headers={"HX-Refresh": "true"})
            elif request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            signed_out.forget_when_sent(request)
            return inner(request, *args, **kwargs)

        return outer

    def get_urls(self):
        from harvest.desk.pages import urls

        return [*urls(self), *super().get_urls()]

    def index(self, request, extra_context=None):
        from harvest.desk.home import home

        return super().index(request, home(request) | (extra_context or {}))

    def each_context(self, request):
        return super().each_context(request) | {
            "desk_nav": SimpleLazyObject(partial(self.navigation, request))
        }

    def get_app_list(self, request, app_label=None):
        """Put together when a template asks for it: the desk's own pages do not."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def navigation(self, request):
        """Title, address and whether it is the present one, of each page that the person may open."""
        from harvest.desk.pages import PAGES

        if not self.has_permission(request):
            return []
        home = reverse("admin:index")
        entries = [{"title": "Desk", "address": home, "present": request.path == home}]
        for page in PAGES:
            if page.title and request.user.has_perms(page.rights):
                address = reverse(f"admin:{page.name}")
                entries.append(
                    {"title": page.title, "address": address, "present": request.path.startswith(address)}
                )
        return entries
