from django.apps import AppConfig


class LoungeConfig(AppConfig):
    name = "confrere.lounge"
    label = "lounge"

    def ready(self) -> None:
        from confrere.lounge import receivers  # noqa: F401  # connects on import
