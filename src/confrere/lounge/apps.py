from django.apps import AppConfig


class LoungeConfig(AppConfig):
    name = "confrere.lounge"
    label = "lounge"
