import pytest

from confrere.post import servers

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, "", "", False, False)),
        (
            "smtp://us%40er:pa%2Fss@mail.example.org:587?tls=yes",
            ("mail.example.org", 587, "us@er", "pa/ss", False, True),
        ),
        ("smtps://user:pass@mail.example.org", ("mail.example.org", 465, "user", "pass", True, False)),
    ],
)
def test_an_address_names_a_server(address: str, expected: tuple[str, int, str, str, bool, bool]) -> None:
    names = ("host", "port", "username", "password", "use_ssl", "use_tls")
    options = {**dict(zip(names, expected, strict=True)), "timeout": 20}
    assert servers.mailers(address) == {"default": {"BACKEND": SMTP, "OPTIONS": options}}


@pytest.mark.parametrize("address", ["mail.example.org", "http://mail.example.org", "smtp://", "file://"])
def test_anything_else_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(ValueError, match="CONFRERE_SMTP_URL must read smtp://host:port"):
        servers.mailers(address)
