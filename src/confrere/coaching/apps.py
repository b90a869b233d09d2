from django.apps import AppConfig


class CoachingConfig(AppConfig):
    name = "confrere.coaching"
    label = "coaching"
