from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PublicationsConfig(AppConfig):
    name = "publications"

    def ready(self):
        from publications.models.search_index import install_search_index
        from publications.models.state import install_triggers

        post_migrate.connect(install_search_index, sender=self)
        post_migrate.connect(install_triggers, sender=self)
