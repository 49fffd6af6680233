"""The truth table of a library's entry, and the guards."""

import pytest

from harvest.sync_diff import Diff, Sent, Truth, diff, reason_to_wait

X = {"x"}


@pytest.mark.parametrize(
    ("wanted", "present", "base", "merged", "ours"),
    [
        (0, 0, 0, Diff(), Diff()),
        (0, 0, X, Diff(), Diff()),
        (X, X, 0, Diff(), Diff()),
        (X, X, X, Diff(), Diff()),
        (X, 0, 0, Diff(ads_add=X), Diff(ads_add=X)),
        (X, 0, X, Diff(local_remove=X), Diff(foreign_remove=X)),
        (0, X, 0, Diff(local_add=X), Diff(foreign_add=X)),
        (0, X, X, Diff(ads_remove=X), Diff(ads_remove=X)),
    ],
)
def test_each_case_of_three_ways(wanted, present, base, merged, ours):
    sets = [side or set() for side in (wanted, present, base)]
    assert diff(Truth.MERGED, *sets) == merged
    assert diff(Truth.OURS, *sets) == ours


def test_what_an_unverified_plan_sent_is_ours():
    added, removed = Sent(added=frozenset(X)), Sent(removed=frozenset(X))
    assert diff(Truth.MERGED, set(), X, set(), added) == Diff(ads_remove=X)
    assert diff(Truth.OURS, set(), X, set(), added) == Diff(ads_remove=X)
    assert diff(Truth.MERGED, X, set(), X, removed) == Diff(ads_add=X)
    assert diff(Truth.OURS, X, set(), X, removed) == Diff(ads_add=X)


def test_a_person_can_take_somebodys_changes_back():
    assert diff(Truth.OURS, {"a"}, {"b"}, {"a"}, overwrite=True) == Diff({"a"}, {"b"})


def test_their_library_is_copied():
    assert diff(Truth.THEIRS, {"a"}, {"b"}, {"a"}) == Diff(local_add={"b"}, local_remove={"a"})


def some(number):
    return {str(n) for n in range(number)}


@pytest.mark.parametrize(
    ("removed", "of", "waits"),
    [(10, 20, False), (11, 110, False), (11, 109, True), (20, 200, False), (21, 200, True)],
)
def test_removals_wait_above_a_tenth_and_ten(removed, of, waits):
    assert bool(reason_to_wait(Diff(ads_remove=some(removed)), {"kept"}, some(of))) is waits
    assert bool(reason_to_wait(Diff(local_remove=some(removed)), some(of), {"kept"})) is waits


def test_emptied_side_always_waits():
    assert reason_to_wait(Diff(ads_remove=X), set(), X)
    assert reason_to_wait(Diff(local_remove=X), X, set())
