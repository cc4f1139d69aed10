"""The converter makes tables of what the XML says, and the committed ones are what it makes."""

import os
import subprocess
import sys
from json import loads
from pathlib import Path

import pytest

from brain.datamodel.tables import Table, open_table, read_table

ROOT = Path(__file__).parents[3]
DATA = ROOT / "brain" / "datamodel" / "data"
XML = os.environ.get("GATEWRIGHT_DATAMODEL_XML", "")

HEAD = (
    '<dm:document xmlns:dm="urn:broadband-forum-org:cwmp:datamodel-1-14" spec="urn:x:toy-2-0-{}">'
)
TYPES = """
<dataType name="Short"><string><size maxLength="64"/></string></dataType>
<dataType name="Shorter" base="Short"><size maxLength="4"/></dataType>
<dataType name="Pair"><list minItems="2" maxItems="2"/><unsignedInt/></dataType>
"""
CWMP = f"""{HEAD.format("cwmp")}{TYPES}
<model name="Toy:2.0">
 <object name="Toy." access="readOnly" minEntries="1" maxEntries="1" version="1.0">
  <parameter name="RowNumberOfEntries" access="readOnly"><syntax><unsignedInt/></syntax></parameter>
  <parameter name="Modes" access="readOnly"><syntax><list/><string/></syntax></parameter>
 </object>
 <object name="Toy.Row.{{i}}." access="readWrite" minEntries="0" maxEntries="unbounded"
   numEntriesParameter="RowNumberOfEntries" enableParameter="Enable" version="1.1">
  <uniqueKey functional="false"><parameter ref="Name"/></uniqueKey>
  <uniqueKey><parameter ref="Mode"/><parameter ref="Level"/></uniqueKey>
  <parameter name="Enable" access="readWrite"><syntax><boolean/>
   <default type="object" value="false"/></syntax></parameter>
  <parameter name="Name" access="readWrite" activeNotify="canDeny"><syntax>
   <dataType ref="Shorter"/></syntax></parameter>
  <parameter name="Mode" access="readWrite" version="1.3"><syntax><string>
   <enumerationRef targetParam="#.Modes" nullValue=""/></string></syntax></parameter>
  <parameter name="Level" access="readWrite" status="deprecated"><syntax><int>
   <range minInclusive="-4" maxInclusive="4" step="2"/><units value="dB"/></int></syntax>
  </parameter>
  <parameter name="State" access="readWrite"><syntax><string><enumeration value="Go"/>
   <enumeration value="Done" access="readOnly"/></string></syntax></parameter>
  <parameter name="Curve" access="readWrite"><syntax>
   <list maxItems="9" nestedBrackets="required"/><dataType ref="Pair"/></syntax></parameter>
  <parameter name="Next " access="readWrite"><syntax><list><size maxLength="99"/></list><string>
   <pathRef refType="weak" targetParent="#.Row. .Gone." targetType="row"/></string></syntax>
  </parameter>
  <parameter name="Key" access="readWrite"><syntax hidden="true"><hexBinary>
   <size minLength="5" maxLength="5"/><size minLength="13" maxLength="13"/></hexBinary></syntax>
  </parameter>
 </object>
</model></dm:document>"""
USP = f"""{HEAD.format("usp")}{TYPES}
<model name="Toy:2.0">
 <object name="Toy." access="readOnly" minEntries="1" maxEntries="1" version="1.5">
  <parameter name="Modes" access="readOnly"><syntax><list/><string/></syntax></parameter>
  <command name="Go()" async="true"><input>
   <parameter name="Where" mandatory="true"><syntax><string>
    <pathRef refType="strong" targetParent="##.Row." targetType="row"/></string></syntax>
   </parameter>
   <object name="Stop.{{i}}." access="readOnly" minEntries="0" maxEntries="unbounded">
    <parameter name="Name"><syntax><string/></syntax></parameter></object>
  </input><output><parameter name="Level"><syntax><decimal/></syntax></parameter></output></command>
  <event name="Gone!"><parameter name="Reason"><syntax><string/></syntax></parameter></event>
 </object>
 <object name="Toy.Row.{{i}}." access="readWrite" minEntries="0" maxEntries="unbounded"
   version="1.6">
  <parameter name="Name" access="writeOnceReadOnly"><syntax><dataType ref="Shorter"/></syntax>
  </parameter>
 </object>
</model></dm:document>"""


def convert(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "convert_datamodel.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Table:
    folder = tmp_path_factory.mktemp("xml")
    (folder / "toy-cwmp.xml").write_text(CWMP)
    (folder / "toy-usp.xml").write_text(USP)

    done = convert("--name", "toy", "--out", folder, *sorted(folder.glob("*.xml")))

    assert done.returncode == 0, done.stderr
    return open_table((folder / "toy.table").read_bytes())


def facts(table: Table, path: str, column: int = -1) -> object:
    return loads(table.pool[int(table.rows[path].split(" ")[column])])


def test_every_row_of_either_protocol_is_in_the_table(toy: Table) -> None:
    assert toy.header["rows"] == len(toy.rows) == 14
    assert toy.rows["Toy.Modes"].split(" ")[:2] == ["1.0", "1.5"]
    assert toy.rows["Toy.Go()"].split(" ")[:2] == ["-", "1.5"]
    assert toy.rows["Toy.Row.{i}.Mode"].split(" ")[:2] == ["1.3", "-"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "Toy.Row.{i}.",
            {
                "a": "W",
                "mi": [0, None],
                "ne": "RowNumberOfEntries",
                "en": "Enable",
                "uk": [["Name"], ["Mode", "Level"]],
                "nf": [0],
            },
        ),
        ("Toy.Row.{i}.Enable", {"a": "W", "t": "boolean", "d": "false"}),
        (
            "Toy.Row.{i}.Name",
            {"a": "W", "t": "string", "dt": "Shorter", "s": [[None, 4]], "an": "canDeny"},
        ),
        ("Toy.Row.{i}.Mode", {"a": "W", "t": "string", "er": {"p": "Toy.Modes", "n": ""}}),
        (
            "Toy.Row.{i}.Level",
            {"a": "W", "t": "int", "r": [[-4, 4, 2]], "u": "dB", "st": "deprecated"},
        ),
        (
            "Toy.Row.{i}.State",
            {"a": "W", "t": "string", "e": ["Go", "Done"], "ex": {"Done": {"R": 1}}},
        ),
        (
            "Toy.Row.{i}.Curve",
            {
                "a": "W",
                "t": "unsignedInt",
                "dt": "Pair",
                "l": {"i": [None, 9], "nb": "required"},
                "ll": {"i": [2, 2]},
            },
        ),
        (
            "Toy.Row.{i}.Next",
            {
                "a": "W",
                "t": "string",
                "l": {"s": [[None, 99]]},
                "pr": {"k": "row", "w": True, "t": ["Toy.Row.{i}."]},
            },
        ),
        (
            "Toy.Row.{i}.Key",
            {"a": "W", "t": "hexBinary", "s": [[5, 5], [13, 13]], "sec": "hidden"},
        ),
        ("Toy.Gone!", {"ar": [{"n": "Reason", "t": "string"}]}),
    ],
)
def test_a_row_says_what_the_xml_says(toy: Table, path: str, said: object) -> None:
    assert facts(toy, path) == said


def test_a_command_keeps_its_arguments_and_what_they_point_to(toy: Table) -> None:
    assert facts(toy, "Toy.Go()") == {
        "as": True,
        "in": [
            {
                "n": "Where",
                "mand": True,
                "t": "string",
                "pr": {"k": "row", "t": ["Toy.Row.{i}."]},
            },
            {"n": "Stop.{i}.", "k": "o", "mi": [0, None]},
            {"n": "Stop.{i}.Name", "t": "string"},
        ],
        "out": [{"n": "Level", "t": "decimal"}],
    }


def test_the_protocols_are_kept_apart_where_they_differ(toy: Table) -> None:
    usp = facts(toy, "Toy.Row.{i}.Name", 2)

    assert isinstance(usp, dict)
    assert usp["a"] == "1"
    assert len(toy.rows["Toy.Modes"].split(" ")) == 3


def test_a_file_that_is_no_data_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.xml").write_text("<other/>")

    done = convert("--name", "x", "--out", tmp_path, tmp_path / "other.xml")

    assert done.returncode != 0
    assert "no <model>" in done.stderr
    assert not (tmp_path / "x.table").exists()


def test_a_packed_table_can_be_shown_as_text() -> None:
    shown = convert("--show", DATA / "tr098.table").stdout

    assert shown.startswith('{"format":1,"name":"tr098","rows":1993')
    assert "InternetGatewayDevice.LANDevice.{i}.WLANConfiguration.{i}. " in shown


@pytest.mark.parametrize("name", ["tr181", "tr098"])
def test_a_committed_table_has_the_rows_its_header_promises(name: str) -> None:
    table = read_table(name)

    assert table.header["rows"] == len(table.rows)


def test_the_committed_tables_are_small_and_carry_their_notice() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 200 * 1024
    assert "Copyright (c) 2006-2025, Broadband Forum" in (DATA / "NOTICE").read_text()


@pytest.mark.skipif(not XML, reason="GATEWRIGHT_DATAMODEL_XML names no folder with the XML")
@pytest.mark.parametrize("name", ["tr181", "tr098"])
def test_the_committed_tables_are_what_the_converter_makes(name: str, tmp_path: Path) -> None:
    stems = {"tr181": "tr-181-2-19-1-*-full.xml*", "tr098": "tr-098-1-8-0-full.xml*"}
    sources = sorted(Path(XML).glob(stems[name]))

    done = convert("--name", name, "--out", tmp_path, *sources)

    assert done.returncode == 0, done.stderr
    assert open_table((tmp_path / f"{name}.table").read_bytes()) == read_table(name)
