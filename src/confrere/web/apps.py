from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "confrere.web"
    label = "web"
