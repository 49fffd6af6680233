"""Every page of the desk: its address under ``/admin/``, its name, and the rights that it takes."""

from dataclasses import dataclass
from functools import partial, wraps

from django.contrib.auth.decorators import permission_required
from django.urls import path

from harvest.desk import (
    activity,
    adding,
    consistency,
    gaps,
    libraries,
    rechecks,
    runs,
    signed_out,
    software,
    tagging,
    tags,
    together,
    triage,
    vocabulary,
    yields,
)

SYNC = ("harvest.change_syncplan",)
TRIAGE = ("harvest.view_candidate",)
TAGS = ("publications.view_tag",)
CHANGE_TAGS = ("publications.change_tag",)


@dataclass(frozen=True)
class Page:
    """``title`` is its entry in the desk's navigation; without one it has none.

    ``rights``: permissions that opening it takes, all of them. What a page changes may take more, which
    its view checks.
    """

    route: str
    view: object
    name: str
    rights: tuple
    title: str = ""


PAGES = [
    Page("triage/", triage.queue, "triage", TRIAGE, "Triage"),
    Page("triage/next/", triage.following, "triage-next", TRIAGE),
    Page("triage/together/", together.together, "triage-together", TRIAGE),
    Page("triage/undo/", triage.undo_decision, "triage-undo", TRIAGE),
    Page("triage/<int:pk>/", triage.candidate, "triage-candidate", TRIAGE),
    Page("forget/", signed_out.forget, "forget", ()),
    Page("add/", adding.add, "add", ("harvest.add_pastedlist",), "Add by hand"),
    Page("add/<int:pk>/", adding.pasted, "pasted-list", ("harvest.view_pastedlist",)),
    Page("tags/", tags.tags, "tags", TAGS, "Tags"),
    Page("tags/<int:pk>/", tags.tag, "tag", TAGS),
    Page("tags/<int:pk>/<slug:kind>/", tags.change, "tag-change", CHANGE_TAGS),
    Page("tags/category/<int:pk>/", tags.category, "category", ("publications.change_category",)),
    Page("tags/grid/<int:pk>/", tagging.grid, "grid", ("publications.view_tagassignment",)),
    Page("tags/grid/<int:pk>/ads/", tagging.ask_ads, "grid-ads", ("harvest.add_adssearch",)),
    Page("tags/vocabulary.yaml", vocabulary.export, "vocabulary-yaml", TAGS),
    Page("tags/import/", vocabulary.vocabulary_import, "vocabulary-import", CHANGE_TAGS),
    Page("libraries/", libraries.libraries, "libraries", ("harvest.view_syncplan",), "Libraries"),
    Page("libraries/<int:pk>/", libraries.library, "library", ("harvest.view_syncplan",)),
    *[
        Page(f"libraries/<int:pk>/{act}/", partial(libraries.library_act, act=act), f"library-{act}", SYNC)
        for act in libraries.OF_A_LIBRARY
    ],
    *[
        Page(
            f"libraries/<int:pk>/{act}/<int:plan>/",
            partial(libraries.library_act, act=act),
            f"library-{act}",
            SYNC,
        )
        for act in libraries.OF_A_PLAN
    ],
    Page("consistency/", consistency.rules, "consistency", ("harvest.view_consistencyrule",), "Consistency"),
    Page(
        "consistency/<str:number>/", consistency.rule, "consistency-rule", ("harvest.view_consistencyrule",)
    ),
    Page("rechecks/", rechecks.rechecks, "rechecks", ("harvest.view_tagreview",), "Check again"),
    Page("rechecks/<int:pk>/", rechecks.recheck, "recheck", ("harvest.view_tagreview",)),
    Page("gaps/", gaps.gaps, "gaps", ("publications.view_sourcerecord",), "Gaps"),
    Page("gaps/<slug:slug>/", gaps.gap, "gap", ("publications.view_sourcerecord",)),
    Page("gaps/<slug:slug>.csv", gaps.gap_csv, "gap-csv", ("publications.view_sourcerecord",)),
    Page("software/", software.groups, "software", ("harvest.view_softwaregroup",), "Software"),
    Page("software/<int:pk>/", software.group, "software-group", ("harvest.view_softwaregroup",)),
    Page("software/<int:pk>.csv", software.group_csv, "software-csv", ("harvest.view_softwaregroup",)),
    Page("yield/", yields.rules_yield, "yield", ("harvest.view_searchrule",), "Yield"),
    Page("activity/", activity.activity, "activity", ("publications.view_act",), "Activity"),
    Page("activity/<int:pk>/", activity.act, "act", ("publications.view_act",)),
    Page("activity/<int:pk>/undo/", activity.undo_act, "act-undo", ("publications.change_act",)),
    Page("runs/<int:pk>/", runs.run, "run", ("harvest.view_harvestrun",)),
    Page("runs/start/<str:name>/", runs.run_job, "run-job", ("harvest.add_harvestrun",)),
]


def urls(site):
    """The pages as patterns of the admin ``site``, each behind its sign-in and its rights."""
    return [path(page.route, guarded(page, site), name=page.name) for page in PAGES]


def guarded(page, site):
    """The view gets the request, and with it ``request.desk``: what the admin's templates need."""
    allowed = permission_required(page.rights, raise_exception=True)(page.view)

    @wraps(page.view)
    def view(request, *args, **kwargs):
        request.desk = site.each_context(request) | {"title": page.title}
        return allowed(request, *args, **kwargs)

    return site.admin_view(view)
