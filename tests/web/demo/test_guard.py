"""Nobody comes in without proof but in the demo: one test for each thing that must hold."""

from collections.abc import Mapping

import pytest
from django.db import connections
from pytest_django import Settings

from confrere.vault import origin
from confrere.vault.refusals import Refusal, asks
from confrere.web.demo import guard
from confrere.web.postgres import ephemeral_cluster, prepare_database

HERE: Mapping[str, object] = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def simulated(db: None, settings: Settings) -> None:
    """Demo mode. The test server's databases carry the mark "simulated" from their making."""
    settings.DEMO, settings.HOST = True, "localhost"


def passes(
    *, meta: Mapping[str, object] = HERE, host: str = "localhost:8000", environ: Mapping[str, str] | None = None
) -> bool:
    return asks(guard.check_demo)(meta=meta, host=host, environ=environ or {})


def test_the_demo_on_this_machine_lets_in(simulated: None) -> None:
    assert passes()
    assert passes(meta={"REMOTE_ADDR": "::1"})


def test_not_outside_demo_mode(simulated: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(Refusal) as refused:
        guard.check_demo(meta=HERE, host="localhost", environ={})
    assert refused.value.status == 404


def test_not_with_a_database_of_somebody_else(simulated: None) -> None:
    assert not passes(environ={"DATABASE_URL": "postgresql:///confrere"})


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "demo.example.org", "localhost.example.org", ""])
def test_not_under_another_host_name(simulated: None, host: str) -> None:
    assert not passes(host=host)


def test_not_on_a_site_with_another_name(simulated: None, settings: Settings) -> None:
    settings.HOST = "peers.example.org"
    assert not passes()


@pytest.mark.parametrize("header", guard.FORWARDING)
def test_not_through_a_proxy(simulated: None, header: str) -> None:
    assert not passes(meta={**HERE, header: "x"})


@pytest.mark.parametrize("address", ["10.0.0.7", "2001:db8::1", ""])
def test_not_from_another_machine(simulated: None, address: str) -> None:
    assert not passes(meta={"REMOTE_ADDR": address})


def test_not_with_a_database_for_real_people(simulated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = ephemeral_cluster()
    address = cluster.start()
    try:
        prepare_database(address, name="confrere_real", simulated=False)
        real = connections.create_connection("default")
        real.settings_dict = {**real.settings_dict, "NAME": "confrere_real"}
        monkeypatch.setattr(origin, "connection", real)
        assert not passes()
        real.close()
    finally:
        cluster.stop()


def test_a_token_has_128_bits_and_opens_one_person_of_one_site(settings: Settings) -> None:
    one = guard.token(1)
    assert len(bytes.fromhex(one)) == 16
    assert guard.opens(1, one)
    assert not guard.opens(2, one)
    assert not guard.opens(1, "ä" * 32)
    settings.SECRET_KEY = "another site"
    assert not guard.opens(1, one)
