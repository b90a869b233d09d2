from django.apps import AppConfig


class TrialConfig(AppConfig):
    name = "confrere.trial"
    label = "trial"

    def ready(self) -> None:
        """Listen to what surveys announce."""
        from confrere.trial import receivers  # noqa: F401  # connecting is the effect
