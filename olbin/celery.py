"""The Celery application: ``celery -A olbin worker --beat``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "olbin.settings")
app = Celery("olbin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
