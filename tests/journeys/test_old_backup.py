"""A stolen dump, restored elsewhere: it opens by the owner's passkey while the share lives, and then never again."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections
from django.utils import timezone
from playwright.sync_api import Page, expect
from psycopg import sql
from psycopg.conninfo import make_conninfo
from tests.journeys.conftest import PHONE, Pages
from tests.journeys.test_workbook import (  # noqa: F401  # fixtures
    BOOK,
    OSEI,
    PlugIn,
    close,
    enter,
    make_passkey,
    open_by_code,
    physician,
    plug_in,
    set_up,
    write,
)

from confrere.coaching.models import Workbook, WorkbookLock
from confrere.people.models import Programme
from confrere.vault.actions import expire
from confrere.web.postgres.binaries import find_binaries

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

COPY = "an_old_backup"


def owner(name: str) -> str:
    """The address of a database of the tests' server, with all rights."""
    params = connection.get_connection_params()
    return make_conninfo("", **{each: params.get(each) for each in ("user", "password", "host", "port")}, dbname=name)


def live() -> str:
    return str(connection.settings_dict["NAME"])


@pytest.fixture
def copy(transactional_db: None) -> Iterator[None]:
    """An empty database beside the site's, for the thief."""
    with psycopg.connect(owner("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(COPY)))
        yield
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(COPY)))


@contextmanager
def served(name: str) -> Iterator[None]:
    """The same application, under the same address, on another database."""
    settings, before = connections.settings["default"], live()
    connections.close_all()
    settings["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"] = before


def is_gone(page: Page, code: str) -> None:
    """Neither of the two ways opens anything, and the page says so."""
    page.goto(BOOK)
    page.get_by_role("button", name="Open with your passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("nobody can open it any more, nor can you")
    open_by_code(page, code)
    expect(page.get_by_role("alert")).to_contain_text("nobody can open it any more, nor can you")
    assert page.get_by_label("Where we left off").input_value() == ""


def test_an_old_backup_with_a_valid_passkey_opens_nothing_after_the_share_is_gone(
    physician: int,  # noqa: F811  # fixtures
    browser_page: Pages,
    plug_in: PlugIn,  # noqa: F811  # the fixture of this name
    copy: None,
    tmp_path: Path,
) -> None:
    page = browser_page(PHONE)
    plug_in(page)
    enter(page, OSEI)
    make_passkey(page)
    code = set_up(page)
    write(page, "Kept for a while")
    close(page)
    page.goto("about:blank")
    dump, programs = tmp_path / "site.dump", find_binaries()
    # The mark "simulated" is in every new database; comments on extensions belong to the server's first user.
    out = ("--format=custom", "--exclude-schema=confrere_meta", f"--file={dump}", owner(live()))
    subprocess.run([programs.program("pg_dump"), *out], check=True)
    into = ("--no-comments", f"--dbname={owner(COPY)}", str(dump))
    restored = subprocess.run([programs.program("pg_restore"), *into], check=False, capture_output=True, text=True)
    assert restored.returncode == 0, restored.stderr

    with served(COPY):  # as long as the share is there, whoever has the passkey reads the old copy
        assert (Workbook.objects.count(), WorkbookLock.objects.count()) == (1, 2)
        page.goto(BOOK)
        page.get_by_role("button", name="Open with your passkey").click()
        expect(page.get_by_label("Where we left off")).to_have_value("Kept for a while")
        close(page)
        page.goto("about:blank")

    Programme.objects.update(ends_on=timezone.now().date() - timedelta(days=31))
    assert expire(now=timezone.now())["workbook"] == 1
    assert not Workbook.objects.exists()

    with served(COPY):
        assert Workbook.objects.count() == 1
        is_gone(page, code)
        page.goto("about:blank")
