from django.urls import path

from harvest.views import check, health, names, public, sources, suggest

app_name = "harvest"
urlpatterns = [
    path("about/", public.about, name="about"),
    path("ads/queries/", public.ads_queries, name="ads-queries"),
    path("blocklist/", public.blocklist, name="blocklist"),
    path("check/", check.check, name="check"),
    path("readyz", health.readyz, name="readyz"),
    path("sources/", sources.sources, name="sources"),
    path("targets/names/", names.ask, name="ask-name"),
    path("targets/names/<int:pk>/", names.name, name="name"),
    path("suggest/", suggest.suggest, name="suggest"),
]
