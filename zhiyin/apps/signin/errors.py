"""Refusals on the way in."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotLoggedIn


class LoginOver(NotLoggedIn):
    """No password was given in this browser, or too long ago."""

    code = "login_over"
    title = "That took too long. Enter company, user name and password once more."


class WrongCode(Invalid):
    """Neither the app's code of now, nor an unused recovery code; a code that was taken is not taken again."""

    code = "wrong_code"
    title = "This code is wrong or was used already. Wait for the next one."
    keeps_writes = True

    def __init__(self) -> None:
        super().__init__(fields={"code": "wrong_code"})


class AlreadySetUp(Conflict):
    code = "second_factor_is_on"
    title = "Two-factor is on already. Switch it off first to use another app."


class NotSetUp(Conflict):
    code = "second_factor_is_off"
    title = "Two-factor is off. Begin with setting it up."


class SecondFactorRequired(Conflict):
    code = "second_factor_required"
    title = "Your company requires two-factor of your role. Ask an administrator to reset it if you need another app."
