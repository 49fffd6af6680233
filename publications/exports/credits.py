"""The sentence to cite and the acknowledgements of an export, where its format has a place."""

from django.conf import settings
from django.utils import timezone

ACKNOWLEDGEMENTS = [
    "This research has made use of NASA's Astrophysics Data System.",
    "This research has made use of the SIMBAD database, operated at CDS, Strasbourg, France.",
]


def citation(number):
    """How to cite a selection of ``number`` papers today."""
    return (
        "OLBIN Publications, database of papers on optical long-baseline interferometry, "
        f"{settings.SITE_URL}, {number} papers on {timezone.now().date()}."
    )


def credits_of(number):
    return [citation(number), *ACKNOWLEDGEMENTS]
