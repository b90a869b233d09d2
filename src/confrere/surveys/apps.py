from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "confrere.surveys"
    label = "surveys"
