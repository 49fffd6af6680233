import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from harvest.roles import CURATOR, grant_rights

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
