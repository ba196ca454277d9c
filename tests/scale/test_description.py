"""The file that describes an installation: what is wrong with it is said with what to do."""

from __future__ import annotations

import grp
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.harness.network import local_network
from zhiyin.config import cli
from zhiyin.config.parts.description import own_address, read_description
from zhiyin.config.parts.edge import EdgeSettings, edge_files, lay_certificate
from zhiyin.config.parts.given import parse_networks, parse_nodes
from zhiyin.config.supervisor.networks import list_local_addresses
from zhiyin.config.supervisor.words import CannotStart
from zhiyin.contracts.links import LinkKeys


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


def test_the_edges_copy_of_the_key_is_for_its_own_account(tmp_path: Path) -> None:
    """Kamailio could not read the folder that the guide gives to the service's account, and with TLS never started."""
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    for file, text in ((certificate, "chain"), (key, "secret")):
        file.write_text(text)
        file.chmod(0o640)
    settings = EdgeSettings(address="10.0.0.5:5060", nodes={"a": "10.0.0.11:5060"}, tls_cert=certificate, tls_key=key)
    folder = tmp_path / "kamailio"
    folder.mkdir()
    for text in ("secret", "renewed"):
        key.write_text(text)
        lay_certificate(settings, folder)
        assert (folder / "zhiyin-edge.key").read_text() == text
    assert (folder / "zhiyin-edge.key").stat().st_mode & 0o007 == 0
    if os.geteuid() == 0 and _has_group("kamailio"):
        assert (folder / "zhiyin-edge.key").group() == "kamailio"
        assert (folder / "zhiyin-edge.key").stat().st_mode & 0o777 == 0o640
    config = edge_files(settings, folder, tmp_path)["kamailio.cfg"]
    assert f'"private_key", "{folder}/zhiyin-edge.key"' in config
    assert f'"certificate", "{folder}/zhiyin-edge.crt"' in config


def _has_group(name: str) -> bool:
    return any(group.gr_name == name for group in grp.getgrall())


def test_the_edge_without_its_key_says_where_it_is_looked_for(tmp_path: Path) -> None:
    settings = EdgeSettings(
        address="10.0.0.5:5060", nodes={}, tls_cert=tmp_path / "none.pem", tls_key=tmp_path / "none.key"
    )
    with pytest.raises(CannotStart, match="ZHIYIN_TLS_CERT"):
        lay_certificate(settings, tmp_path)


def test_the_edge_listens_once_where_its_address_is_the_public_one() -> None:
    settings = EdgeSettings(address="10.0.0.5:5060", nodes={}, public_hosts=("10.0.0.5",))
    config = edge_files(settings, Path("/etc/kamailio"), Path("/run/kamailio"))["kamailio.cfg"]
    assert config.count("listen=udp:10.0.0.5:5060") == 1
    assert "mhomed=0" in config


def test_a_machine_with_several_addresses_on_one_cable_knows_all_of_them() -> None:
    """It knew the first alone: parts on a host with an address each, or at an address that moves, did not start."""
    with local_network(1) as (machine,):
        more = f"{machine.address.rpartition('.')[0]}.77/24"
        subprocess.run([*machine.command, "ip", "address", "add", more, "dev", "eth0"], check=True)
        with machine.inside():
            found = {local.address: local for local in list_local_addresses()}
            assert own_address({"ZHIYIN_ENGINE_AT": f"{more.removesuffix('/24')}:7070"}, "engine")
    assert set(found) == {"127.0.0.1", machine.address, more.removesuffix("/24")}
    assert {local.interface for local in found.values()} == {"lo", "eth0"}
    assert found[machine.address].network == f"{machine.address.rpartition('.')[0]}.0/24"


GIVEN = {
    "--out": "OUT",
    "--database": "postgresql://postgres@127.0.0.1:9/zhiyin",
    "--node": "a=10.0.0.11",
    "--edge": "10.0.0.5",
    "--engine": "10.0.0.2",
    "--web": "10.0.0.4",
    "--front": "10.0.0.4",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--node": "a"}, "--node a=10.0.0.11"),
        ({"--node": "a-1=10.0.0.11"}, "letters and digits"),
        ({"--node": "甲=10.0.0.11"}, "letters and digits"),
        ({"--edge": "no such machine"}, "--edge no such machine: no such address"),
        ({"--engine": "::1"}, "over IPv4 only"),
        ({"--http-port": "-1"}, "--http-port -1: not a port"),
        ({"--tls-cert": "/etc/zhiyin/cert.pem"}, "belong together"),
        ({"--tls-cert": "cert.pem", "--tls-key": "key.pem"}, "the whole path"),
        ({}, "The PostgreSQL of --database cannot be used"),
    ],
)
def test_a_new_installation_is_not_described_by_what_cannot_be(
    changed: dict[str, str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word for pair in {**GIVEN, **changed, "--out": str(tmp_path / "etc")}.items() for word in pair]
    with pytest.raises(SystemExit) as ended:
        cli.main(["new-cluster", *words])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "etc").exists()


def test_nodes_have_names_and_addresses_of_their_own() -> None:
    assert parse_nodes(["a=10.0.0.11", "b=10.0.0.12"]) == {"a": "10.0.0.11", "b": "10.0.0.12"}
    with pytest.raises(CannotStart, match="already"):
        parse_nodes(["a=10.0.0.11", "a=10.0.0.12"])
    with pytest.raises(CannotStart, match="another node has this address"):
        parse_nodes(["a=10.0.0.11", "b=10.0.0.11"])


def test_whom_the_edge_trusts_is_an_address_or_a_network() -> None:
    assert parse_networks(["198.51.100.7", "203.0.113.0/24"], option="--trust") == (
        "198.51.100.7/32",
        "203.0.113.0/24",
    )
    with pytest.raises(CannotStart, match=r"--trust carrier\.example: not an IPv4 address"):
        parse_networks(["carrier.example"], option="--trust")


def test_a_description_that_this_account_may_not_read_says_whose_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)  # root reads everything
    with pytest.raises(CannotStart, match="runuser -u zhiyin"):
        read_description(tmp_path / "zhiyin.conf")


def test_new_keys_of_the_parts_never_replace_those_that_are_in_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Overwritten while parts run, half of them would not know the other half."""
    folder = tmp_path / "link"
    with pytest.raises(SystemExit) as made:
        cli.main(["new-link", "--out", str(folder)])
    assert made.value.code == 0
    assert "restart all parts" in capsys.readouterr().out
    key = LinkKeys(folder).key.read_bytes()
    assert LinkKeys(folder).client
    with pytest.raises(SystemExit) as refused:
        cli.main(["new-link", "--out", str(folder)])
    assert refused.value.code == 2
    assert "Name a new folder" in capsys.readouterr().err
    assert LinkKeys(folder).key.read_bytes() == key
