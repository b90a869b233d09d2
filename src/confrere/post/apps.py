from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "confrere.post"
    label = "post"
