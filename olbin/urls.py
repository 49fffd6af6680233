from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path

from publications.sitemaps import SITEMAPS

urlpatterns = [
    path("admin/", admin.site.urls),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS}),
    path(
        "sitemap-<section>.xml",
        sitemaps.sitemap,
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("", include("harvest.urls")),
    path("", include("publications.urls")),
]
