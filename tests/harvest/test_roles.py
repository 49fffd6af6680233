import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import URLResolver, reverse
from django.utils import timezone
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from harvest.models import Candidate, HarvestRun, PastedList, SearchRule, SoftwareGroup, SyncPlan
from harvest.roles import CURATOR, grant_rights
from publications.models import Library
from publications.models.history import act
from tests.factories import PaperFactory, TagFactory
from tests.publications.admin_models import client_of

pytestmark = pytest.mark.django_db

# Written by hand from what a curator does: tags and links papers, keeps the vocabulary, the targets
# and the blocklist, keeps the rules of the search and its times, switches and words the rules of
# consistency and makes exceptions, starts the jobs, decides on candidates, agrees to what is removed from
# libraries, and looks at the rest.
ALL = ("view", "add", "change", "delete")
EXPECTED = [
    "view_act",
    "change_act",
    "view_paper",
    "change_paper",
    "view_author",
    "view_authorship",
    "view_identifier",
    "view_keyword",
    "view_journal",
    "change_journal",
    "view_category",
    "change_category",
    "view_tag",
    "add_tag",
    "change_tag",
    "view_tagslug",
    "add_tagslug",
    "view_tagassignment",
    "add_tagassignment",
    "delete_tagassignment",
    "view_target",
    "add_target",
    "change_target",
    "view_targetalias",
    "add_targetalias",
    "change_targetalias",
    "delete_targetalias",
    "view_targetlink",
    "add_targetlink",
    "change_targetlink",
    "delete_targetlink",
    "view_removedlink",
    "delete_removedlink",
    "view_simbadreading",
    "view_sourcerecord",
    "view_library",
    "view_libraryentry",
    "view_blocklistentry",
    "add_blocklistentry",
    "change_blocklistentry",
    "delete_blocklistentry",
    "view_filteredbibstem",
    "add_filteredbibstem",
    "change_filteredbibstem",
    "delete_filteredbibstem",
    "view_candidate",
    "change_candidate",
    "view_pastedlist",
    "add_pastedlist",
    "change_pastedlist",
    "view_adssearch",
    "add_adssearch",
    *(f"{action}_{model}" for model in ("searchrule", "softwaregroup") for action in ALL),
    "view_consistencyrule",
    "change_consistencyrule",
    *(f"{action}_{model}" for model in ("waiver", "explanation") for action in ("view", "add", "delete")),
    "view_harvestrun",
    "add_harvestrun",
    "view_endpointquota",
    "view_syncplan",
    "change_syncplan",
    "view_tagreview",
    "change_tagreview",
    "view_paperflag",
    "change_paperflag",
    "delete_paperflag",
    "view_suggestion",
    "change_suggestion",
    "delete_suggestion",
    "view_periodictask",
    "change_periodictask",
    "view_crontabschedule",
    "add_crontabschedule",
    "change_crontabschedule",
]


def rights():
    return sorted(Group.objects.get(name="curator").permissions.values_list("codename", flat=True))


def test_curators_have_exactly_these_rights_after_migrate():
    assert rights() == sorted(EXPECTED)


def test_migrate_takes_back_what_was_added_and_gives_back_what_was_taken():
    group = Group.objects.get(name="curator")
    group.permissions.set(Permission.objects.filter(codename__in=["delete_paper", "add_user", "view_paper"]))
    grant_rights(sender=apps.get_app_config("harvest"), using="default")

    assert rights() == sorted(EXPECTED)


def test_every_right_is_that_of_a_model():
    for app, models in CURATOR.items():
        known = {model._meta.model_name for model in apps.get_app_config(app).get_models()}
        assert set(models) <= known


def test_no_right_makes_or_deletes_a_paper_or_touches_accounts(curator):
    assert curator.is_staff
    assert not curator.is_superuser
    for right in ("add_paper", "delete_paper", "delete_tag"):
        assert not curator.has_perm(f"publications.{right}")
    for right in ("harvest.add_candidate", "harvest.delete_candidate", "auth.view_user", "auth.change_group"):
        assert not curator.has_perm(right)


# --- Who may open and send what, on every address of the admin -------------------------------------

# The desk's own pages: what an empty question and an empty form are answered to those who may, which are
# curators and administrators alike; 405 means that there is no such way for anybody.
DESK = {
    # name: (example of its address, GET, POST)
    "triage": ("triage/", 200, 405),
    "triage-next": ("triage/next/", 302, 405),
    "triage-together": ("triage/together/", 405, 404),
    "triage-undo": ("triage/undo/", 405, 404),
    "triage-candidate": ("triage/{candidate}/", 200, 404),
    "forget": ("forget/", 405, 302),
    "add": ("add/", 200, 400),
    "pasted-list": ("add/{pasted}/", 200, 302),
    "tags": ("tags/", 200, 405),
    "tag": ("tags/{tag}/", 200, 400),
    "tag-change": ("tags/{tag}/rename/", 200, 400),
    "category": ("tags/category/{category}/", 200, 200),
    "grid": ("tags/grid/{category}/", 200, 302),
    "grid-ads": ("tags/grid/{category}/ads/", 405, 302),
    "vocabulary-yaml": ("tags/vocabulary.yaml", 200, 405),
    "vocabulary-import": ("tags/import/", 200, 400),
    "libraries": ("libraries/", 200, 405),
    "library": ("libraries/{library}/", 200, 405),
    "library-overwrite": ("libraries/{library}/overwrite/", 200, 302),
    "library-adopt": ("libraries/{library}/adopt/", 200, 302),
    "library-plan": ("libraries/{library}/plan/", 200, 302),
    "library-consent": ("libraries/{library}/consent/{plan}/", 200, 302),
    "library-undo": ("libraries/{library}/undo/{plan}/", 200, 302),
    "consistency": ("consistency/", 200, 405),
    "consistency-rule": ("consistency/12/", 200, 302),
    "rechecks": ("rechecks/", 200, 405),
    "recheck": ("rechecks/{rule}/", 200, 302),
    "gaps": ("gaps/", 200, 405),
    "gap": ("gaps/oidb/", 200, 302),
    "gap-csv": ("gaps/oidb.csv", 200, 405),
    "software": ("software/", 200, 405),
    "software-group": ("software/{group}/", 200, 405),
    "software-csv": ("software/{group}.csv", 200, 405),
    "yield": ("yield/", 200, 405),
    "activity": ("activity/", 200, 405),
    "act": ("activity/{act}/", 200, 405),
    "act-undo": ("activity/{act}/undo/", 200, 302),
    "run": ("runs/{run}/", 200, 405),
    "run-job": ("runs/start/harvest/", 405, 302),
}
# What Django's admin has beside the pages of models; these are everybody's who may open the admin at all.
OF_EVERY_STAFF = {"index", "login", "logout", "password_change", "password_change_done", "jsi18n"}
OTHERS = ("PUT", "PATCH", "DELETE")
OF_MODELS = {"changelist", "add", "history", "delete", "change", "simple_history"}
# Tested where they have a meaning: with the right to look at what is completed, linked or listed.
ELSEWHERE = {"autocomplete", "view_on_site", "app_list", "auth_user_password_change", None}
# What may be done to chosen rows of a list: (curator, administrator).
# fmt: off
ACTIONS = {
    "targetlink": ({"confirm", "delete_selected"},) * 2,
    "suggestion": ({"settle", "delete_selected"},) * 2,
    "paperflag": ({"merge", "delete_selected"},) * 2,
    "tagreview": ({"add_tag", "dismiss"}, {"add_tag", "dismiss", "delete_selected"}),
    "searchrule": ({"try_it", "delete_selected"},) * 2,
    **dict.fromkeys(
        ("tagassignment", "targetalias", "removedlink", "blocklistentry", "filteredbibstem", "waiver",
         "explanation", "softwaregroup"),
        ({"delete_selected"},) * 2,
    ),
    **dict.fromkeys(
        ("category", "tag", "target", "library", "consistencyrule", "user", "group"),
        (set(), {"delete_selected"}),
    ),
}
# fmt: on


def names_of_addresses(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_of_addresses(pattern.url_patterns)
        else:
            yield pattern.name


def test_no_address_of_the_admin_is_forgotten():
    models = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    of_models = {f"{model}_{page}" for model in models for page in OF_MODELS}

    others = {*names_of_addresses(admin.site.get_urls())} - of_models - OF_EVERY_STAFF - ELSEWHERE

    # A page that is missing here needs its line in DESK; those of models are in admin_models.py.
    assert others == set(DESK)


def ask(client, address, method):
    return getattr(client, method.lower())(address).status_code


def client_as(role):
    """As `client_of`, with the account of the fixture ``curator``."""
    if role != "curator":
        return client_of(role)
    client = Client()
    client.force_login(User.objects.get(username="curator"))
    return client


@pytest.fixture
def examples(curator):
    paper, tag = PaperFactory(), TagFactory()
    library = Library.objects.create(name="olbin-refereed")
    with act("an example", curator) as made:
        paper.title = "changed"
        paper.save()
    return {
        "candidate": Candidate.objects.create(bibcode="2020A&A...641A..85C", title="A star", year=2020).pk,
        "pasted": PastedList.objects.create(by=curator).pk,
        "tag": tag.pk,
        "category": tag.category_id,
        "library": library.pk,
        "plan": SyncPlan.objects.create(library=library, state="waiting").pk,
        "rule": SearchRule.objects.get(name="CHARA").pk,
        "group": SoftwareGroup.objects.create(name="Aspro", tag_name="Aspro").pk,
        "act": made.pk,
        "run": HarvestRun.objects.create(job="harvest", status="done", finished_at=timezone.now()).pk,
    }


@pytest.mark.parametrize("role", ["curator", "superuser"])
def test_curators_and_administrators_may_do_on_the_desk_what_there_is(role, examples):
    client = client_as(role)
    answered = {}
    for name, (route, *_) in DESK.items():
        address = "/admin/" + route.format(**examples)
        answered[name] = (route, ask(client, address, "GET"), ask(client, address, "POST"))
        for method in OTHERS:
            assert ask(client, address, method) == 405, (name, method)
    assert answered == DESK


def test_nobody_else_may_open_or_send_anything_on_the_desk(examples):
    without_rights = Client()
    without_rights.force_login(User.objects.create(username="new", is_staff=True))
    stranger = client_of("stranger")
    for name, (route, *_) in DESK.items():
        address = "/admin/" + route.format(**examples)
        for method in ("GET", "POST", *OTHERS):
            if name != "forget":  # which forgets what this very person typed
                asked = ask(without_rights, address, method)
                assert asked == (405 if method in OTHERS else 403), (name, method)
            for nobody in (Client(), stranger):
                asked = ask(nobody, address, method)
                assert asked == (401 if method == "POST" else 302), (name, method)


@pytest.mark.parametrize(("role", "column"), [("curator", 0), ("superuser", 1)])
def test_lists_offer_a_role_its_actions_and_no_others(role, column, rf, curator):
    request = rf.get("/")
    client_as(role)
    request.user = User.objects.get(username=role)
    offered = {
        model._meta.model_name: set(page.get_actions(request))
        for model, page in admin.site._registry.items()
        if model._meta.app_label != "django_celery_beat" and page.has_view_permission(request)
    }

    expected = {model: by_role[column] for model, by_role in ACTIONS.items()}
    assert {model: actions for model, actions in offered.items() if actions} == {
        model: actions for model, actions in expected.items() if actions
    }


# The schedule: (curator, administrator), as in admin_models.py.
SCHEDULE = {
    "periodictask": ("vc", "vacd"),
    "crontabschedule": ("vac", "vacd"),
    **dict.fromkeys(["intervalschedule", "clockedschedule", "solarschedule"], ("", "vacd")),
}
PAGE_RIGHTS = {"changelist": "v", "add": "a", "change": "v", "history": "v", "delete": "d"}


@pytest.mark.parametrize(("role", "column"), [("curator", 0), ("superuser", 1)])
def test_curators_change_times_of_the_schedule_and_nothing_else_of_it(role, column, curator):
    client = client_as(role)
    crontab = CrontabSchedule.objects.create(hour="3")
    rows = {
        "crontabschedule": crontab,
        "periodictask": PeriodicTask.objects.create(name="one", task="x", crontab=crontab),
        "intervalschedule": IntervalSchedule.objects.create(every=1, period="days"),
        "clockedschedule": ClockedSchedule.objects.create(clocked_time=timezone.now()),
        "solarschedule": SolarSchedule.objects.create(event="sunrise", latitude=0, longitude=0),
    }
    for model, rights in SCHEDULE.items():
        for page, right in PAGE_RIGHTS.items():
            keys = [] if page in ("changelist", "add") else [rows[model].pk]
            address = reverse(f"admin:django_celery_beat_{model}_{page}", args=keys)
            allowed = right in rights[column]
            assert ask(client, address, "GET") == (200 if allowed else 403), address
            if page == "change":
                allowed = "c" in rights[column]
            if page != "changelist":
                assert (ask(client, address, "POST") in (200, 302)) == allowed, address


def test_passwords_of_others_are_set_by_administrators_only(curator, client):
    address = reverse("admin:auth_user_password_change", args=[curator.pk])
    client.force_login(curator)
    assert [ask(client, address, method) for method in ("GET", "POST")] == [403, 403]
    assert ask(client_of("superuser"), address, "GET") == 200


@pytest.mark.parametrize("app", ["auth", "publications", "harvest", "django_celery_beat"])
def test_tables_of_an_app_are_listed_to_those_who_may_look_at_some(app, curator, client):
    address = reverse("admin:app_list", args=[app])
    client.force_login(curator)
    assert ask(client, address, "GET") == (404 if app == "auth" else 200)
    assert ask(client_of("superuser"), address, "GET") == 200
