"""The manual is current, and it can be built."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from tests.house import requirements

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def build() -> ModuleType:
    """docs/build.py, which is a script."""
    spec = importlib.util.spec_from_file_location("manual", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_pages_are_current_and_no_link_leads_nowhere(build: ModuleType) -> None:
    assert build.stale() == []


def test_a_setting_that_nobody_describes_is_named(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text('[site]\nCONFRERE_NO_SUCH = "Nothing."\n')
    monkeypatch.setattr(build, "DOCS", tmp_path)
    with pytest.raises(ValueError, match=r"does not agree with the code about .*CONFRERE_DATA, .*CONFRERE_NO_SUCH"):
        build.settings_page()


def test_the_site_has_every_page_and_links_them(build: ModuleType, tmp_path: Path) -> None:
    build.write_site(tmp_path / "site")
    pages = [page.relative_to(build.DOCS).with_suffix(".html") for page in build.pages()]
    assert all((tmp_path / "site" / page).exists() for page in pages)
    index = (tmp_path / "site" / "index.html").read_text()
    assert all(f'href="{page}"' in index for page in pages)


def test_the_requirements_are_what_the_lock_says() -> None:
    assert requirements.differences(ROOT) == []


def test_a_requirement_out_of_step_is_named(tmp_path: Path) -> None:
    for name in ("uv.lock", "pyproject.toml", *requirements.FILES):
        text = (ROOT / name).read_text()
        (tmp_path / name).write_text(text.replace("whitenoise==", "whitenoise==9") if "dev.txt" in name else text)
    (tmp_path / "pyproject.toml").write_text(
        (ROOT / "pyproject.toml").read_text().replace('"ruff",', '"ruff",\n  "no-such-package",')
    )
    assert requirements.differences(tmp_path) == [
        "requirements-dev.txt: whitenoise 96.12.0 is not what uv.lock says.",
        "no-such-package of pyproject.toml is in no requirements file.",
    ]
