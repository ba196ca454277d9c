"""The account that everything runs as, when several starts on a fresh machine make it in the same moment."""

from __future__ import annotations

import pwd
import subprocess
from collections.abc import Iterator

import pytest

from zhiyin.config.supervisor import service_user
from zhiyin.config.supervisor.words import CannotStart

FOUND = pwd.getpwuid(0)


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """``useradd`` says what it says while another one has the lock."""

    def run(*_command: object, **_given: object) -> None:
        raise subprocess.CalledProcessError(1, "useradd", stderr="useradd: cannot lock /etc/passwd; try again later.")

    monkeypatch.setattr(service_user.subprocess, "run", run)
    monkeypatch.setattr(service_user, "_OTHER_START_PAUSE_S", 0)


def looked_up(monkeypatch: pytest.MonkeyPatch, *, there_after: int | None) -> None:
    """Let the account be there after so many looks, or never."""

    def answers() -> Iterator[pwd.struct_passwd | None]:
        looks = 0
        while True:
            yield FOUND if there_after is not None and looks >= there_after else None
            looks += 1

    told = answers()

    def getpwnam(_name: str) -> pwd.struct_passwd:
        if (account := next(told)) is None:
            raise KeyError
        return account

    monkeypatch.setattr(service_user.pwd, "getpwnam", getpwnam)


@pytest.mark.usefixtures("refused")
def test_an_account_that_another_start_makes_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up(monkeypatch, there_after=3)
    assert service_user.find_or_create_account() == FOUND


@pytest.mark.usefixtures("refused")
def test_an_account_that_nobody_makes_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up(monkeypatch, there_after=None)
    with pytest.raises(CannotStart, match="cannot lock"):
        service_user.find_or_create_account()
