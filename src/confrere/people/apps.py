from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "confrere.people"
    label = "people"
