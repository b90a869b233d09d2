from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    name = "confrere.web"
    label = "web"

    def ready(self) -> None:
        from confrere.web.receivers import set_rights

        # An app without models is not told of migrations, so web listens where vault does, after it.
        post_migrate.connect(set_rights, sender=apps.get_app_config("vault"), dispatch_uid="web.set_rights")
