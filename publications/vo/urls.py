from django.urls import path

from publications.views import vo

urlpatterns = [
    path("conesearch", vo.cone_search, name="cone-search"),
    path("conesearch/availability", vo.availability, name="vo-availability"),
    path("conesearch/capabilities", vo.capabilities, name="vo-capabilities"),
    path("conesearch/tables", vo.tables, name="vo-tables"),
    path("links.vot", vo.links, name="vo-links"),
    path("paper", vo.paper, name="vo-paper"),
    path("registry.xml", vo.registry, name="vo-registry"),
]
