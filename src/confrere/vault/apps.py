from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "confrere.vault"
    label = "vault"
