from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "confrere.evidence"
    label = "evidence"
