"""The file that describes an installation: what is wrong with it is said with what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhiyin.config.parts.description import own_address, read_description
from zhiyin.config.parts.edge import EdgeSettings, edge_files
from zhiyin.config.supervisor.words import CannotStart


def test_the_file_is_read_as_systemd_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "zhiyin.conf"
    file.write_text('# words\n\nZHIYIN_EDGE=10.0.0.5:5060\nZHIYIN_NODES="a=https://10.0.0.11:7088"\n')
    assert read_description(file) == {"ZHIYIN_EDGE": "10.0.0.5:5060", "ZHIYIN_NODES": "a=https://10.0.0.11:7088"}


def test_a_line_that_says_nothing_is_named(tmp_path: Path) -> None:
    file = tmp_path / "zhiyin.conf"
    file.write_text("ZHIYIN_EDGE=x\nexport\n")
    with pytest.raises(CannotStart, match=":2: not NAME=value"):
        read_description(file)


def test_a_missing_file_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="zhiyin new-cluster"):
        read_description(tmp_path / "none.conf")


def test_a_part_listens_on_its_address_that_is_this_machines() -> None:
    assert own_address({"ZHIYIN_ENGINE_AT": "192.0.2.1:7070 127.0.0.1:7071"}, "engine") == "127.0.0.1:7071"
    assert own_address({}, "worker") == ""


def test_a_part_on_the_wrong_machine_is_told_where_it_belongs() -> None:
    with pytest.raises(CannotStart, match="is an address of this machine"):
        own_address({"ZHIYIN_ENGINE_AT": "192.0.2.1:7070"}, "engine")


def test_the_edge_knows_every_node_and_spares_trusted_carriers(tmp_path: Path) -> None:
    settings = EdgeSettings(
        address="10.0.0.5:5060",
        nodes={"a": "10.0.0.11:5060", "b": "10.0.0.12:5060"},
        public_hosts=("203.0.113.5",),
        trusted=("198.51.100.0/24",),
        tls_cert=Path("/c.pem"),
        tls_key=Path("/k.pem"),
    )
    files = edge_files(settings, tmp_path, tmp_path)
    assert files["dispatcher.list"].splitlines() == [
        "1 sip:10.0.0.11:5060 0 0 duid=a",
        "1 sip:10.0.0.12:5060 0 0 duid=b",
    ]
    config = files["kamailio.cfg"]
    assert not re.search(r"@[A-Z_]+@", config)
    assert "listen=tls:203.0.113.5:5061" in config
    assert 'is_in_subnet("$si", "198.51.100.0/24")' in config
    assert "mhomed=1" in config
