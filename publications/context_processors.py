"""What every page of the site shows."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from publications.models import DataState


def site(request):
    return {"data_state": SimpleLazyObject(DataState.current), "site_url": settings.SITE_URL}
