from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "confrere.people"
    label = "people"

    def ready(self) -> None:
        from confrere.people import receivers

        receivers.listen()
