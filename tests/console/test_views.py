"""Saved views: an address with a name, one's own or shared, never a way to see more."""

from __future__ import annotations

from tests.conftest import Database
from tests.console.guests import ask, guest
from tests.console.world import World

ADDRESS = "/findings?region=371402000000&card=red"


def test_a_view_is_kept_opened_shared_and_forgotten(database: Database, world: World) -> None:
    li, wang = guest(database, name="li", roles=["supervisor"]), guest(database, name="wang", roles=["auditor"])
    assert li.client.post("/views", data={"at": ADDRESS, "name": "红牌"}).headers["Location"] == ADDRESS
    assert "红牌" in ask(li, "scope", search="", path="/findings")
    assert "红牌" not in ask(wang, "scope", search="", path="/findings")
    li.client.post("/views", data={"at": ADDRESS, "name": "红牌", "shared": "yes"})
    told = ask(wang, "scope", search="?lang=zh", path="/findings")
    assert told.count("红牌") >= 1
    assert ADDRESS in told
    page = wang.client.get("/views?at=/findings").text
    assert "删除：红牌" not in page, "nobody forgets another's view"
    own = li.client.get("/views?at=/findings").text
    assert "删除：红牌" in own
    number = own.partition('name="id" value="')[2].partition('"')[0]
    wang.client.post("/views", data={"act": "forget", "id": number, "at": "/"})
    assert "删除：红牌" in li.client.get("/views?at=/findings").text
    li.client.post("/views", data={"act": "forget", "id": number, "at": "/"})
    assert "删除：红牌" not in li.client.get("/views?at=/findings").text


def test_what_leads_elsewhere_or_has_no_name_is_not_kept(database: Database, world: World) -> None:
    li = guest(database, name="li", roles=["supervisor"]).client
    for elsewhere in ("https://example.com/", "//example.com", "javascript:alert(1)", ""):
        assert li.post("/views", data={"at": elsewhere, "name": "x"}).headers["Location"] == "/"
    for name in ("", "  ", "x" * 61):
        assert li.post("/views", data={"at": "/", "name": name}).status_code == 400
    assert li.post("/views", data={"at": "/" + "a" * 2_000, "name": "long"}).status_code == 400
    for n in range(29):
        li.post("/views", data={"at": "/", "name": f"v{n}"})
    assert li.post("/views", data={"at": "/", "name": "one more"}).status_code == 400
    assert guest(database, name="sec", roles=["security_admin"], regions=[]).client.get("/views").status_code == 403
