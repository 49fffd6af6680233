"""SIMBAD's objects become targets, over HTTP from a stand-in with limits and faults."""

import pytest
from django.core.management import CommandError, call_command
from django_celery_beat.models import PeriodicTask

from harvest import tasks
from harvest.locks import only_one
from harvest.models import HarvestRun
from harvest.simbad import Simbad, SimbadRefused, SimbadUnavailable
from harvest.targets import papers_to_ask, resolve_targets
from publications.models import Identifier, Paper, RemovedLink, SimbadReading, Target, TargetAlias, TargetLink
from tests.factories import PaperFactory, TargetFactory
from tests.simbad_sandbox import SimbadSandbox


@pytest.fixture
def sandbox():
    with SimbadSandbox() as sandbox:
        sandbox.add_object(1, "* alf Ori", 88.793, 7.407, pmra=27.5, pmdec=11.3, otype="s*r",
                           names=["HD  39801", "NAME Betelgeuse"])  # fmt: skip
        sandbox.add_object(2, "* bet Ori", 78.634, -8.202, names=["HD  34085", "NAME Rigel"])
        sandbox.add_object(3, "NAME Somewhere")
        yield sandbox


def client(sandbox):
    """Does not wait between its requests."""
    return Simbad(sandbox.url, pace=0, sleep=lambda seconds: None)


def ask(sandbox, now=None):
    keys = list(papers_to_ask(now).values_list("pk", flat=True))
    return resolve_targets(client(sandbox), papers=keys).found


def links():
    return sorted(TargetLink.objects.values_list("paper__bibcode", "target__name", "kind", "mentions"))


@pytest.fixture
def paper(db):
    return PaperFactory(bibcode="2009A&A...508..923H", title="Imaging the spotty surface of α Orionis")


def test_objects_become_targets_with_names_position_and_motion(sandbox, paper):
    sandbox.add_paper(paper.bibcode, (1, 7), (3, 1))
    assert ask(sandbox) == 1
    betelgeuse = Target.objects.named("HD 39801")
    assert (betelgeuse.name, betelgeuse.simbad_oid, betelgeuse.otype) == ("* alf Ori", 1, "s*r")
    assert (betelgeuse.ra, betelgeuse.dec, betelgeuse.pmra, betelgeuse.pmdec) == (88.793, 7.407, 27.5, 11.3)
    assert Target.objects.in_cone(88.793, 7.407, 0.001).get() == betelgeuse
    assert Target.objects.named("betelgeuse") == betelgeuse
    assert links() == [
        (paper.bibcode, "* alf Ori", "listed", 7),
        (paper.bibcode, "NAME Somewhere", "listed", 1),
    ]


def test_an_object_without_position_keeps_its_link_and_is_in_no_cone(sandbox, paper):
    sandbox.add_paper(paper.bibcode, 3)
    ask(sandbox)
    assert Target.objects.named("Somewhere").ra is None
    assert not Target.objects.in_cone(0, 0, 180).exists()


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("The surface of HD 39801", "named"),
        ("The surface of HD39801", "named"),
        ("The surface of BETELGEUSE", "named"),
        ("The surface of $\\alpha$ Ori", "named"),
        ("The surface of α Ori", "named"),
        ("The surface of HD 398012", "listed"),
        ("The surface of stars", "listed"),
    ],
)
def test_a_paper_that_names_the_object_is_told_from_one_that_lists_it(sandbox, db, title, kind):
    paper = PaperFactory(title=title)
    sandbox.add_paper(paper.bibcode, 1)
    ask(sandbox)
    assert TargetLink.objects.get().kind == kind


def test_a_star_of_jmdc_and_of_simbad_is_one_target(sandbox, paper):
    ours = TargetFactory(name="HD 39801", ra=88.79, dec=7.40)
    TargetLink.objects.create(paper=paper, target=ours, kind="measured")
    sandbox.add_paper(paper.bibcode, (1, 3))
    ask(sandbox)
    target = Target.objects.get()
    assert (target.pk, target.name, target.slug, target.simbad_oid) == (ours.pk, "* alf Ori", ours.slug, 1)
    assert links() == [(paper.bibcode, "* alf Ori", "measured", 3)]


def test_two_targets_that_are_one_object_are_merged_with_the_strongest_links(sandbox, paper):
    other = PaperFactory()
    for name, kind, papers in [("HD 39801", "listed", [paper, other]), ("Betelgeuse", "measured", [paper])]:
        target = TargetFactory(name=name)
        for linked in papers:
            TargetLink.objects.create(paper=linked, target=target, kind=kind)
    sandbox.add_paper(paper.bibcode, 1)
    sandbox.add_paper(other.bibcode, 1)
    ask(sandbox)
    assert links() == sorted(
        [(paper.bibcode, "* alf Ori", "measured", 1), (other.bibcode, "* alf Ori", "listed", 1)]
    )
    assert {alias.name for alias in Target.objects.get().aliases.all()} >= {"HD 39801", "Betelgeuse"}


def test_an_object_whose_number_changed_stays_one_target(sandbox, paper):
    sandbox.add_paper(paper.bibcode, 1)
    ask(sandbox)
    before = Target.objects.get()
    sandbox.remove(paper.bibcode, 1)
    sandbox.add_object(77, "* alf Ori", 88.793, 7.407, names=["HD  39801"])
    sandbox.add_paper(paper.bibcode, 77)
    SimbadReading.objects.all().delete()
    ask(sandbox)
    after = Target.objects.get()
    assert (after.pk, after.simbad_oid) == (before.pk, 77)


def test_an_object_that_was_renamed_is_found_by_its_number(sandbox, paper):
    sandbox.add_paper(paper.bibcode, 3)
    ask(sandbox)
    sandbox.add_object(3, "NAME Elsewhere", 10, 10)
    SimbadReading.objects.all().delete()
    ask(sandbox)
    target = Target.objects.get()
    assert (target.name, target.ra, target.slug) == ("NAME Elsewhere", 10, "name-somewhere")
    assert Target.objects.named("Somewhere") == target


def test_two_objects_of_alike_names_stay_two_targets(sandbox, paper):
    sandbox.add_object(8, "BD-10  123", 1, -10)
    sandbox.add_object(9, "BD 10 123", 1, 10)
    sandbox.add_paper(paper.bibcode, 8, 9)
    for _ in range(2):
        SimbadReading.objects.all().delete()
        ask(sandbox)
        assert sorted(Target.objects.values_list("simbad_oid", "dec")) == [(8, -10), (9, 10)]


def test_curators_links_survive_and_removed_ones_stay_removed(sandbox, paper, curator):
    rigel = TargetFactory(name="Rigel")
    TargetLink.objects.create(paper=paper, target=rigel, kind="curated")
    sandbox.add_paper(paper.bibcode, 1, (2, 5))
    ask(sandbox)
    RemovedLink.remove(TargetLink.objects.get(target__simbad_oid=1), curator)
    sandbox.remove(paper.bibcode, 2)
    SimbadReading.objects.all().delete()
    ask(sandbox)
    assert links() == [(paper.bibcode, "* bet Ori", "curated", 5)]


def test_what_simbad_lists_no_more_goes_but_only_what_it_alone_had(sandbox, paper):
    sandbox.add_paper(paper.bibcode, 1, 2)
    ask(sandbox)
    TargetLink.objects.filter(target__simbad_oid=2).update(kind="measured")
    sandbox.add_object(4, "HD 4")
    for oid in (1, 2):
        sandbox.remove(paper.bibcode, oid)
    sandbox.add_paper("2009A&A...508..923H", 4)
    SimbadReading.objects.all().delete()
    ask(sandbox)
    assert [(name, kind) for _, name, kind, _ in links()] == [("* bet Ori", "measured"), ("HD 4", "listed")]


def test_a_paper_is_asked_for_under_every_identifier_it_ever_had(sandbox, db):
    by_old_bibcode, by_doi = PaperFactory(), PaperFactory(doi="10.1051/0004-6361/200912927")
    Identifier.of(by_old_bibcode, "2008arXiv0812.1234H").save()
    sandbox.add_paper("2008arXiv0812.1234H", 1)
    sandbox.add_paper("2099XXXXX...1....1X", 2, doi="10.1051/0004-6361/200912927")
    ask(sandbox)
    assert {(bibcode, name) for bibcode, name, *_ in links()} == {
        (by_old_bibcode.bibcode, "* alf Ori"),
        (by_doi.bibcode, "* bet Ori"),
    }


def test_papers_read_are_left_alone_for_a_while(sandbox, paper):
    unknown_at_simbad = PaperFactory()
    sandbox.add_paper(paper.bibcode, 1)
    assert ask(sandbox) == 2
    asked = len(sandbox.queries)
    assert ask(sandbox) == 0
    assert len(sandbox.queries) == asked
    reading = SimbadReading.objects.get(paper=unknown_at_simbad)
    assert (reading.objects_count, reading.catalogue) == (0, False)


# --- limits and faults ------------------------------------------------------------------------


def test_answers_that_the_service_cuts_are_continued(paper):
    with SimbadSandbox(hard_limit=7) as sandbox:
        other = PaperFactory()
        for oid in range(1, 31):
            sandbox.add_object(oid, f"HD {oid}", oid, oid, names=[f"HIP {oid}", f"GJ {oid}"])
        sandbox.add_paper(paper.bibcode, *range(1, 31))
        sandbox.add_paper(other.bibcode, *range(5, 20))
        ask(sandbox)
        SimbadReading.objects.update(read_at="2020-01-01T00:00Z")
        assert ask(sandbox) == 2
    assert TargetLink.objects.filter(paper=paper).count() == 30
    assert TargetLink.objects.filter(paper=other).count() == 15
    assert Target.objects.count() == 30
    assert TargetAlias.objects.count() == 90


@pytest.mark.parametrize("fault", ["503", "drop", "half"])
def test_passing_faults_are_overcome(sandbox, paper, fault):
    sandbox.add_paper(paper.bibcode, 1)
    sandbox.faults = [fault] * 3
    ask(sandbox)
    assert len(links()) == 1


def test_a_service_that_stays_away_ends_the_run_and_the_next_one_goes_on(sandbox, db):
    papers = [PaperFactory() for _ in range(3)]
    for number, paper in enumerate(papers, start=1):
        sandbox.add_paper(paper.bibcode, number)
    simbad = client(sandbox)
    resolve_targets(simbad, papers=[papers[0].pk])
    sandbox.faults = ["503"] * 5
    with pytest.raises(SimbadUnavailable, match="SIMBAD answered 503"):
        resolve_targets(simbad, papers=[papers[1].pk])
    assert set(papers_to_ask()) == set(papers[1:])
    assert ask(sandbox) == 2
    assert len(links()) == 3


def test_a_run_that_stops_at_any_query_loses_and_doubles_nothing(db):
    """SIMBAD goes away before its n-th answer, whichever that is; the next run ends what was begun."""
    one, other = PaperFactory(), PaperFactory()
    rigel = TargetFactory(name="HIP 1")
    stops = 0
    with SimbadSandbox(hard_limit=7) as sandbox:
        for oid in range(1, 21):
            sandbox.add_object(oid, f"HD {oid}", *((oid, -oid) if oid % 3 else ()), names=[f"HIP {oid}"])
        sandbox.add_paper(one.bibcode, *range(1, 21))
        sandbox.add_paper(other.bibcode, *range(11, 21))
        for answered in range(100):
            for model in (TargetLink, RemovedLink, SimbadReading):
                model.objects.all().delete()
            Target.objects.exclude(pk=rigel.pk).delete()
            TargetLink.objects.create(paper=one, target=rigel, kind="curated")
            sandbox.faults = [""] * answered + ["503"] * 5
            try:
                ask(sandbox)
            except SimbadUnavailable:
                stops += 1
                sandbox.faults = []
                ask(sandbox)
            sandbox.faults = []
            everything = {(one.bibcode, f"HD {oid}", "listed", 1) for oid in range(2, 21)}
            everything |= {(other.bibcode, f"HD {oid}", "listed", 1) for oid in range(11, 21)}
            assert links() == sorted(everything | {(one.bibcode, "HD 1", "curated", 1)}), answered
            assert (Target.objects.count(), TargetAlias.objects.count()) == (20, 40)
            assert not papers_to_ask().exists()
            if stops <= answered:
                break
    assert stops > 10


def test_a_refused_query_is_not_repeated(sandbox, paper):
    sandbox.faults = ["error"]
    with pytest.raises(SimbadRefused, match="the service has a bad day"):
        ask(sandbox)
    assert len(sandbox.queries) == 1
    assert not SimbadReading.objects.exists()


def test_requests_keep_their_pace(sandbox, paper):
    sandbox.add_paper(paper.bibcode, 1)
    now, waited = [0.0], []
    simbad = Simbad(sandbox.url, sleep=waited.append, clock=lambda: now[0])
    resolve_targets(simbad, papers=[paper.pk])
    assert len(waited) == len(sandbox.queries)
    assert all(seconds >= 1 / 6 for seconds in waited)


@pytest.mark.timeout(400)
def test_a_catalogue_of_50000_objects_is_stored_once_and_marked(paper):
    with SimbadSandbox(hard_limit=20_000) as sandbox:
        for oid in range(1, 50_001):
            sandbox.add_object(oid, f"Cat {oid}", (oid * 0.0071) % 360, oid % 180 - 90 + 0.5)
        sandbox.add_paper(paper.bibcode, *range(1, 50_001))
        ask(sandbox)
    assert TargetLink.objects.count() == Target.objects.count() == TargetAlias.objects.count() == 50_000
    reading = SimbadReading.objects.get()
    assert (reading.objects_count, reading.catalogue) == (50_000, True)


# --- the command ------------------------------------------------------------------------------


def test_the_command_says_what_is_known(sandbox, paper, settings, capsys):
    settings.SIMBAD_TAP_URL = sandbox.url
    sandbox.add_paper(paper.bibcode, 1)
    PaperFactory()
    call_command("resolve_targets")
    assert "2 papers read; positions known for 1 of 2 papers" in capsys.readouterr().out


def test_the_command_asks_for_given_papers_again(sandbox, paper, settings, capsys):
    settings.SIMBAD_TAP_URL = sandbox.url
    call_command("resolve_targets")
    sandbox.add_paper(paper.bibcode, 1)
    call_command("resolve_targets")
    assert not links()
    call_command("resolve_targets", "--paper", paper.bibcode)
    assert len(links()) == 1


def test_the_command_fails_with_words(sandbox, paper, settings):
    settings.SIMBAD_TAP_URL = sandbox.url
    sandbox.faults = ["error"]
    with pytest.raises(CommandError, match="run the command again to go on"):
        call_command("resolve_targets")
    with pytest.raises(CommandError, match="no paper here has the bibcode"):
        call_command("resolve_targets", "--paper", "2001Nothi.........X")


def test_two_runs_are_never_at_once(sandbox, paper, settings, tmp_path):
    settings.SIMBAD_TAP_URL, settings.DATA_DIR = sandbox.url, tmp_path
    with only_one("job-targets"), pytest.raises(CommandError, match="runs already"):
        call_command("resolve_targets")


def test_a_run_is_a_row_that_says_by_whom_what_was_found_and_what_it_cost(sandbox, paper, settings, curator):
    settings.SIMBAD_TAP_URL = sandbox.url
    sandbox.add_paper(paper.bibcode, 1, 3)
    call_command("resolve_targets", "--by", "curator")
    run = HarvestRun.objects.get()
    assert (run.job, run.status, run.by, run.found, run.new, run.changed) == (
        "targets", "done", curator, 1, 2, 0,
    )  # fmt: skip
    assert run.queries == [{"query": "objects of 1 papers", "found": 2}]
    assert run.calls == {"SIMBAD /capabilities": 1, "SIMBAD /sync": len(sandbox.queries)}


def test_a_run_that_failed_says_why_in_words(sandbox, paper):
    sandbox.faults = ["503"] * 5
    with pytest.raises(SimbadUnavailable):
        ask(sandbox)
    run = HarvestRun.objects.get()
    assert (run.status, run.errors) == ("failed", ["SIMBAD answered 503"])
    assert sum(run.calls.values()) == 6


def test_the_weekly_task_links_what_is_due(sandbox, paper, settings, tmp_path):
    settings.SIMBAD_TAP_URL, settings.DATA_DIR = sandbox.url, tmp_path
    sandbox.add_paper(paper.bibcode, 1)
    assert PeriodicTask.objects.get(task="harvest.tasks.resolve_targets").crontab.day_of_week == "6"
    tasks.resolve_targets()
    assert len(links()) == 1


def test_papers_never_asked_for_come_first(db):
    asked, fresh = PaperFactory(), PaperFactory()
    SimbadReading.objects.create(paper=asked, read_at="2020-01-01T00:00Z")
    assert list(papers_to_ask()) == [fresh, asked]
    assert Paper.objects.count() == 2
