"""Which Asterisk is taken: the system's only if it fits, Debian's only if signed, pinned or newer within 22."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.harness.places import parts_folder
from zhiyin.config.supervisor.asterisk import debian, provision, provision_asterisk
from zhiyin.config.supervisor.asterisk.lock import Lock, LockedPackage, read_lock, write_lock
from zhiyin.config.supervisor.asterisk.modules import MODULES, PRELOADED
from zhiyin.config.supervisor.asterisk.provision import (
    choose_versions,
    compare_with_lock,
    find_system_asterisk,
    is_acceptable,
    read_version,
    unpacked_folder,
)
from zhiyin.config.supervisor.words import CannotStart


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("22.4.0", True),
        ("22.10.1", True),
        ("1:22.10.1+dfsg+~cs6.17-1", True),
        ("22.3.9", False),
        ("20.14.0", False),
        ("23.0.0", False),
        ("1:23.1.0~rc1-1", False),
        ("", False),
        ("GIT-master", False),
    ],
)
def test_only_22_4_and_later_within_22_is_taken(version: str, fits: bool) -> None:
    assert is_acceptable(version) == fits


@pytest.mark.parametrize("version", ["20.6.0", "23.0.0"], ids=["too old", "too new"])
def test_a_system_asterisk_of_another_version_is_not_used(tmp_path: Path, version: str) -> None:
    program = tmp_path / "asterisk"
    program.write_text(f"#!/bin/sh\necho 'Asterisk {version}~dfsg-1'\n")
    program.chmod(0o755)
    assert read_version((str(program),)).startswith(version)
    assert find_system_asterisk(str(tmp_path)) is None


def test_the_unpacked_one_runs_and_has_every_module() -> None:
    install = provision_asterisk(parts_folder())
    assert is_acceptable(read_version(install.argv, install.environ))
    assert all((install.modules / name).exists() for name in (*MODULES, PRELOADED))
    assert provision_asterisk(parts_folder()) == install


def test_a_package_with_the_locked_version_and_other_bytes_is_refused(tmp_path: Path) -> None:
    file = make_package(tmp_path, "asterisk", "22.9")
    found = debian.describe(file, "amd64")
    good = Lock(packages=(found,))
    compare_with_lock([file], "amd64", good)
    tampered = Lock(packages=(LockedPackage("amd64", "asterisk", "22.9", "0" * 64),))
    with pytest.raises(CannotStart, match="not the one that was tested"):
        compare_with_lock([file], "amd64", tampered)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(["22.9", "22.8"], "22.8"), (["22.9"], "22.9")],
    ids=["the locked one while it is there", "else the newest"],
)
def test_the_locked_version_is_preferred(offered: list[str], chosen: str, capsys: pytest.CaptureFixture[str]) -> None:
    lock = Lock(packages=(LockedPackage("amd64", "asterisk", "22.8", "0" * 64),))
    assert choose_versions({"asterisk": offered}, lock, "amd64") == {"asterisk": chosen}
    assert ("22.9" in capsys.readouterr().out) == (chosen == "22.9"), "newer ones are taken with a notice only"


@pytest.mark.parametrize("offered", [{"asterisk": ["1:23.1.0-1"]}, {}], ids=["a new major", "none"])
def test_a_suite_without_a_fitting_asterisk_is_passed_over(offered: dict[str, list[str]]) -> None:
    lock = Lock(packages=(LockedPackage("amd64", "asterisk", "22.8", "0" * 64),))
    with pytest.raises(debian.DebianFailed):
        choose_versions(offered, lock, "amd64")


def test_a_package_is_unpacked_with_its_licence_and_without_its_manual(tmp_path: Path) -> None:
    debian.unpack(make_package(tmp_path, "thing", "1.0"), tmp_path / "root")
    unpacked = {str(path.relative_to(tmp_path / "root")) for path in (tmp_path / "root").rglob("*") if path.is_file()}
    assert unpacked == {"usr/lib/thing.so", "usr/share/doc/thing/copyright"}
    assert (tmp_path / "root" / "lib").readlink() == Path("usr/lib")


def test_the_lock_keeps_other_architectures_and_names_its_folder(tmp_path: Path) -> None:
    lock_file = tmp_path / "lock"
    write_lock([LockedPackage("arm64", "asterisk", "22.8", "a" * 64)], lock_file)
    write_lock([LockedPackage("amd64", "asterisk", "22.9", "b" * 64)], lock_file)
    lock = read_lock(lock_file)
    assert lock.of("arm64")["asterisk"].version == "22.8"
    assert lock.of("amd64")["asterisk"].version == "22.9"
    assert unpacked_folder(tmp_path, lock) != unpacked_folder(tmp_path, read_lock())


def test_a_version_with_another_module_unpacks_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier version unpacked lacks it: Asterisk would start without, and say so in its log only."""
    before = unpacked_folder(tmp_path, read_lock())
    monkeypatch.setattr(provision, "MODULES", (*provision.MODULES, "res_new.so"))
    assert unpacked_folder(tmp_path, read_lock()) != before


def make_package(folder: Path, name: str, version: str) -> Path:
    """Build a small Debian package by Debian's own tool."""
    tree = folder / f"{name}-tree"
    for path in ("DEBIAN/control", "usr/lib/thing.so", f"usr/share/doc/{name}/copyright", "usr/share/man/man1/thing.1"):
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text("x\n")
    (tree / "usr/share/doc" / name / "changelog.gz").write_text("x\n")
    (tree / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: {version}\nArchitecture: amd64\nMaintainer: Tests <t@example.org>\nDescription: x\n"
    )
    file = folder / f"{name}_{version}_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", str(tree), str(file)], check=True, capture_output=True)
    return file
