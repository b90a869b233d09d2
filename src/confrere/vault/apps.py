from django.apps import AppConfig
from django.db.models.signals import post_migrate


class VaultConfig(AppConfig):
    name = "confrere.vault"
    label = "vault"

    def ready(self) -> None:
        from confrere.vault.receivers import settle

        post_migrate.connect(settle, sender=self, dispatch_uid="vault.settle")
