"""The Celery application: ``celery -A olbin worker --beat``."""

import os
import sys

from celery import Celery
from celery.signals import celeryd_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "olbin.settings")
app = Celery("olbin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def require_broker(**kwargs):
    """Celery would look for a RabbitMQ on this machine, where another site's may be."""
    if not settings.CELERY_BROKER_URL:
        sys.exit(
            "CELERY_BROKER_URL is not set. Set it, for example CELERY_BROKER_URL=redis://127.0.0.1:6379/0"
        )
