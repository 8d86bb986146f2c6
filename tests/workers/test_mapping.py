"""Mapping files: what a value becomes, and how a mistake is named."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.entities import ENTITIES
from workers import converters, ingest_files
from workers.changes import Translator
from workers.mapping import BoundTable, MappingError
from workers.mapping_file import load_mapping, read_mapping
from workers.pgoutput import Change, Relation

SHANGHAI = ZoneInfo("Asia/Shanghai")


def mapping(**table: Any) -> dict[str, Any]:
    told = {"name": "t_ff_mx", "entity": "payment", "source": "/x", "fields": {"payment_id": "id"}}
    return {"table": [told | table]}


def record(fields: dict[str, Any], row: dict[str, str | None], entity: str = "payment") -> dict[str, Any]:
    """Return what one row becomes; fail on a value that cannot be converted."""
    rules = read_mapping(mapping(entity=entity, fields=fields), "m.toml").tables[0]
    faults: list[str] = []
    found = BoundTable(rules, list(row)).record(list(row.values()), faults)
    assert faults == []
    return found


def test_every_kind_of_value_becomes_what_the_contract_wants() -> None:
    row: dict[str, str | None] = {
        "id": "1",
        "je": "0.10",
        "at": "2026-03-01 08:05:09.5",
        "ny": "202603",
        "qh": "371402",
        "zt": "已发放",
    }
    fields = {
        "payment_id": {"column": "id", "prefix": "MX"}, "amount_fen": "je", "paid_at": "at", "period": "ny",
        "region_code": "qh", "status": {"column": "zt", "values": {"已发放": "paid"}}, "channel": {"const": "bank"},
    }  # fmt: skip
    assert record(fields, row) == {
        "payment_id": "MX1", "amount_fen": 10, "paid_at": "2026-03-01T08:05:09.500000+08:00", "period": "2026-03",
        "region_code": "371402000000", "status": "paid", "channel": "bank",
    }  # fmt: skip


def test_lists_come_from_several_columns_or_from_one_that_is_split() -> None:
    row: dict[str, str | None] = {"id": "1", "a": "G1", "b": None, "cl": "签字,照片"}
    fields = {
        "stage_id": "id", "staff_ids": {"columns": ["a", "b"]},
        "evidence": {"column": "cl", "values": {"签字": "signature", "照片": "photo"}},
    }  # fmt: skip
    assert record(fields, row, "stage") == {"stage_id": "1", "staff_ids": ["G1"], "evidence": ["signature", "photo"]}


def test_null_is_known_to_be_empty_unless_the_mapping_says_unknown() -> None:
    row: dict[str, str | None] = {"id": "1", "je": None, "ny": None}
    assert record({"payment_id": "id", "amount_fen": "je", "period": {"column": "ny", "null": "unknown"}}, row) == {
        "payment_id": "1", "amount_fen": None,
    }  # fmt: skip


def test_reasons_in_words_pass_beside_those_with_a_code() -> None:
    fields = {"stage_id": "id", "reason": {"column": "yy", "values": {"公示异议": "objection"}, "others": "keep"}}
    assert record(fields, {"id": "1", "yy": "公示异议"}, "stage")["reason"] == "objection"
    assert record(fields, {"id": "1", "yy": "收入超标"}, "stage")["reason"] == "收入超标"


def test_a_padded_text_loses_its_padding() -> None:
    assert record({"payment_id": "id", "benefit_id": "b"}, {"id": "1 ", "b": "B7  "}) == {
        "payment_id": "1",
        "benefit_id": "B7",
    }


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**13), 10**13))
def test_yuan_become_fen_exactly(fen: int) -> None:
    sign = "-" if fen < 0 else ""
    assert converters.fen(f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}", "yuan") == fen


@pytest.mark.parametrize("text", ["1.001", "NaN", "Infinity", "一百", "", "1,000.00"])
def test_an_amount_that_is_not_whole_fen_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        converters.fen(text, "yuan")


def test_a_wall_clock_keeps_its_own_offset_and_its_summer_time() -> None:
    assert converters.instant("2026-11-22 09:30:00+00", SHANGHAI) == "2026-11-22T09:30:00+00:00"
    assert converters.instant("1988-07-01 12:00:00", SHANGHAI) == "1988-07-01T12:00:00+09:00"


@pytest.mark.parametrize(
    ("text", "month"),
    [("202601", "2026-01"), ("2026-01", "2026-01"), ("2026-01-31", "2026-01"), ("20260131", "2026-01")],
)
def test_months_are_read_however_they_are_written(text: str, month: str) -> None:
    assert converters.period(text) == month


@pytest.mark.parametrize("text", ["202613", "2026", "26-01", "2026/1", ""])
def test_what_is_not_a_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month"):
        converters.period(text)


def test_a_value_that_cannot_be_converted_is_kept_and_named() -> None:
    rules = read_mapping(mapping(fields={"payment_id": "id", "amount_fen": "je"}), "m.toml").tables[0]
    faults: list[str] = []
    assert BoundTable(rules, ["id", "je"]).record(["1", "1.001"], faults) == {"payment_id": "1", "amount_fen": "1.001"}
    assert faults == ["t_ff_mx.je: '1.001' yuan is not a whole number of fen"]


def test_a_row_without_a_key_is_refused() -> None:
    rules = read_mapping(mapping(), "m.toml").tables[0]
    with pytest.raises(ValueError, match="column id holds no key"):
        BoundTable(rules, ["id"]).key([None])


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"entity": "paymnt"}, "table t_ff_mx: entity: the contract has no 'paymnt'; it has access, account"),
        ({"fields": {"amount_fen": "je"}}, "table t_ff_mx: payment_id: is the key of payment and must be mapped"),
        ({"fields": {"payment_id": "id", "amount": "je"}}, "table t_ff_mx: amount: payment has no such field"),
        ({"fields": {"payment_id": {"colum": "id"}}}, "table t_ff_mx: payment_id: 'colum' is not known here"),
        ({"fields": {"payment_id": {"column": "id", "const": "1"}}}, "give exactly one of column, columns, const"),
        ({"fields": {"payment_id": "id", "kind": {"column": "k", "values": {"正常": "normal"}}}}, "kind: 'normal' is not one of"),
        ({"fields": {"payment_id": "id", "kind": {"column": "k", "values": "kinds"}}}, r"there is no value map \[values.kinds\]"),
        ({"fields": {"payment_id": "id", "amount_fen": {"column": "je", "unit": "dollar"}}}, "unit 'dollar' is not one of"),
        ({"fields": {"payment_id": "id", "period": {"columns": ["y", "m"]}}}, "period: is period, not a list: give one column"),
        ({"fields": {"payment_id": 7}}, "write a column's name or a table of options, not 7"),
        ({"deleted": "sczt"}, "deleted: write { column"),
        ({"source": ""}, "table t_ff_mx: source: is missing"),
        ({"tme": "gxsj"}, "the table: 'tme' is not known here"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_table_and_place(table: dict[str, Any], problem: str) -> None:
    with pytest.raises(MappingError, match=f"m.toml: .*{problem}"):
        read_mapping(mapping(**table), "m.toml")


def test_a_table_mapped_twice_and_a_file_without_tables_are_refused() -> None:
    with pytest.raises(MappingError, match="t_ff_mx is mapped twice"):
        read_mapping({"table": mapping()["table"] * 2}, "m.toml")
    with pytest.raises(MappingError, match="there is none"):
        read_mapping({}, "m.toml")


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(MappingError, match=r"timezone: .*write one like Asia/Shanghai"):
        read_mapping({"timezone": "Mars/Olympus"} | mapping(), "m.toml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[[table]\n", encoding="utf-8")
    for name in (str(broken), str(tmp_path / "absent.toml")):
        with pytest.raises(MappingError, match=Path(name).name):
            load_mapping(name)


def test_the_shipped_mapping_reaches_every_entity_the_simulated_city_has() -> None:
    shipped = load_mapping("minzheng")
    local = {"parameter", "deadline", "workday", "exclusion", "prescribed_path", "batch_share"}
    later = {"bid", "provider_bar", "credit_record", "access"}
    assert {rule.entity.name for rule in shipped.tables} == set(ENTITIES) - local - later
    assert {rule.source for rule in shipped.tables} == {
        "/dezhou/minzheng",
        "/dezhou/fund",
        "/dezhou/registers",
        "/dezhou/services",
    }


FLAT = {
    "table": [{
        "name": "cases", "entity": "stage", "source": "/x", "fields": {"stage_id": "step", "application_id": "case"},
        "also": [
            {"entity": "application", "time": "start", "fields": {"application_id": "case", "submitted_at": "start"}},
            {"entity": "stage", "needs": "end", "fields": {"stage_id": {"column": "case", "prefix": "end/"}, "stage_code": {"const": "DECIDE"}}},
        ],
    }]
}  # fmt: skip
HEADER = ["step", "case", "start", "end"]


def carried(row: list[str | None]) -> list[tuple[str, str]]:
    """Entity and key of each record one row carries."""
    table = BoundTable(read_mapping(FLAT, "m.toml").tables[0], HEADER)
    return [(one.rule.entity.name, one.key(row)) for one in table.all if one.is_carried(row)]


def test_one_row_may_carry_several_records_some_of_them_only_where_a_column_is_filled() -> None:
    assert carried(["s1", "c1", "2011-10-11", "2011-12-06"]) == [("stage", "s1"), ("application", "c1"), ("stage", "end/c1")]
    assert carried(["s2", "c1", "2011-10-11", None]) == [("stage", "s2"), ("application", "c1")]
    assert carried(["s2", "c1", "2011-10-11", "  "]) == [("stage", "s2"), ("application", "c1")]


@pytest.mark.parametrize(("also", "problem"), [
    ({"entity": "stage", "fields": {"note": "n"}}, "stage_id: is the key of stage and must be mapped"),
    ({"entity": "stage"}, "fields: is missing"), ({"name": "x", "entity": "stage"}, "'name' is not known here"),
])  # fmt: skip
def test_a_mistake_in_a_further_record_is_named_too(also: dict[str, Any], problem: str) -> None:
    with pytest.raises(MappingError, match=f"m.toml: table t_ff_mx: .*{problem}"):
        read_mapping(mapping(also=[also]), "m.toml")


def test_a_column_that_a_further_record_needs_must_be_there() -> None:
    with pytest.raises(MappingError, match="needs: the table has no column 'end'"):
        BoundTable(read_mapping(FLAT, "m.toml").tables[0], HEADER[:-1])


def test_a_compressed_table_gives_the_same_events(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(
        '[[table]]\nname = "cases"\nentity = "application"\nsource = "/x"\ntime = "at"\n[table.fields]\napplication_id = "id"\n', encoding="utf-8"
    )
    text = "id,at\nA1,2011-10-11 13:42:22.688000+02:00\nA2,2011-10-11T11:45:40.276Z\n"
    (tmp_path / "cases.csv").write_text(text, encoding="utf-8")
    (tmp_path / "cases.csv.gz").write_bytes(gzip.compress(text.encode()))
    plain, packed = ([one.event for one in ingest_files.read(tmp_path / name, str(tmp_path / "m.toml"))] for name in ("cases.csv", "cases.csv.gz"))
    assert plain == packed
    assert [json.loads(event)["time"] for event in plain] == ["2011-10-11T13:42:22.688000+02:00", "2011-10-11T11:45:40.276000+00:00"]


def told_of(op: str, old: list[str | None] | None, new: list[str | None] | None) -> list[tuple[str, str]]:
    """What a change of a row that carries several records becomes: type and subject of each event."""
    change = Change(op, Relation(1, "public", "cases", tuple(HEADER)), tuple(old) if old else None, tuple(new) if new else None, old is not None)
    events = Translator(read_mapping(FLAT, "m.toml"), "c").of_change(change, 16, 0, datetime(2026, 1, 1, tzinfo=UTC))
    found = [json.loads(event) for event in events]
    assert len({event["id"] for event in found}) == len(found)
    return [(event["type"].removeprefix("aidwatch."), event["subject"]) for event in found]


def test_a_change_of_a_row_changes_every_record_it_carries() -> None:
    open_: list[str | None] = ["s1", "c1", "2011-10-11", None]
    ended: list[str | None] = ["s1", "c1", "2011-10-11", "2011-12-06"]
    both = [("stage.upserted", "s1"), ("application.upserted", "c1")]
    assert told_of("insert", None, open_) == both
    assert told_of("update", None, ended) == [*both, ("stage.upserted", "end/c1")]
    assert told_of("update", None, open_) == [*both, ("stage.deleted", "end/c1")], "the end was taken back"
    assert told_of("delete", ended, None) == [("stage.deleted", "s1")], "the case may stand on other rows"
