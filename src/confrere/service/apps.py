from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "confrere.service"
    label = "service"
