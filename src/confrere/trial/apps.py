from django.apps import AppConfig


class TrialConfig(AppConfig):
    name = "confrere.trial"
    label = "trial"
