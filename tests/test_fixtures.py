"""The fixtures themselves: databases do not see each other, and the browser draws Chinese."""

from playwright.sync_api import Page
from sqlalchemy import text

from sql.settings import Settings
from tests.conftest import Database


def test_a_database_is_migrated_and_private(database: Database, settings: Settings) -> None:
    with database.engine("owner").begin() as conn:
        conn.execute(text("create table mine (n int)"))
        assert conn.execute(text("select count(*) from public.migration")).scalar_one() > 0
    assert settings.database_url_for("owner") == database.url("owner")


def test_the_next_database_knows_nothing_of_the_last(database: Database) -> None:
    with database.engine("owner").connect() as conn:
        assert conn.execute(text("select to_regclass('public.mine')")).scalar_one() is None


def test_the_browser_draws_chinese(page: Page) -> None:
    page.set_content("<p>社会救助</p>")
    drawn = page.evaluate(
        """() => [...'社救'].map(character => {
            const canvas = document.createElement('canvas').getContext('2d');
            canvas.font = '40px sans-serif';
            canvas.fillText(character, 0, 40);
            return canvas.getImageData(0, 0, 40, 50).data.join();
        })"""
    )
    assert drawn[0] != drawn[1], "two characters look alike: no Chinese font (Debian: fonts-noto-cjk)"
