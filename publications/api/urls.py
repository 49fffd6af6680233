from django.urls import path, re_path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularJSONAPIView

from publications.api import views

app_name = "api"

urlpatterns = [
    path("", views.Root.as_view(), name="root"),
    path("papers/", views.Papers.as_view(), name="papers"),
    path("papers/<text:identifier>/", views.OnePaper.as_view(), name="paper"),
    path("tags/", views.Tags.as_view(), name="tags"),
    path("tags/<text:slug>/", views.OneTag.as_view(), name="tag"),
    path("categories/", views.Categories.as_view(), name="categories"),
    path("journals/", views.Journals.as_view(), name="journals"),
    path("targets/", views.Targets.as_view(), name="targets"),
    path("targets/<text:slug>/", views.OneTarget.as_view(), name="target"),
    path("libraries/", views.Libraries.as_view(), name="libraries"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", TemplateView.as_view(template_name="api/docs.html"), name="docs"),
    re_path("", views.NotHere.as_view()),
]
