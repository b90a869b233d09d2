from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "confrere.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Listen to what the post asks."""
        from confrere.surveys import receivers  # noqa: F401  # connecting is the effect
