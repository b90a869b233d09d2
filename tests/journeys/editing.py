"""Writing a protocol step by step, as a director does it in a browser."""

import tomllib
from collections.abc import Callable
from typing import Any

from django.forms import BoundField
from playwright.sync_api import Page

from confrere.trial.editing import STEPS, Step
from confrere.trial.protocol import shipped_protocol

HOME = "/p/peer/trial/protocol/"


def fill(page: Page, field: BoundField) -> None:
    """Type what this field shall hold, as a person does."""
    value = field.value()
    here = page.locator(f'main [name="{field.html_name}"]')
    if isinstance(value, bool):
        here.set_checked(value)
    elif field.use_fieldset:
        for one in value if isinstance(value, list) else [value] if value else []:
            page.locator(f'main [name="{field.html_name}"][value="{one}"]').check()
    elif field.widget_type == "select":
        here.select_option(str(value))
    elif value is not None:
        here.fill(str(value))


def write(page: Page, step: Step, table: dict[str, Any], data: dict[str, Any], save: str) -> None:
    """Fill the form on the screen and save it."""
    for field in step.form(None, table=table, data=data):
        fill(page, field)
    page.get_by_role("button", name=save, exact=True).click()
    page.wait_for_load_state()
    assert page.locator(".errors").count() == 0, page.locator(".errors").inner_text()


def build(page: Page, name: str, look: Callable[[Page], None]) -> None:
    """From an empty page to a protocol that says what the shipped one says; `look` is called at each new page."""
    page.goto(HOME)
    look(page)
    page.get_by_role("link", name="Begin with an empty page").click()
    wanted = tomllib.loads(shipped_protocol(name))
    for step in STEPS:
        page.goto(f"{HOME}parts/{step.slug}/")
        look(page)
        if not step.at:
            write(page, step, wanted, wanted, "Save and go on")
        for number, table in enumerate(step.items(wanted)):
            page.get_by_role("link", name="Add one").click()
            page.wait_for_url(f"**/parts/{step.slug}/{number + 1}/")
            if not number:
                look(page)
            write(page, step, table, wanted, "Save")
    page.goto(HOME)
    assert "Every part is there and fits together." in page.locator("main").inner_text()
