from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HarvestConfig(AppConfig):
    name = "harvest"

    def ready(self):
        from harvest.roles import grant_rights

        post_migrate.connect(grant_rights, sender=self)
