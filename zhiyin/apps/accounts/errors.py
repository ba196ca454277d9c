"""Refusals about users and logging in."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotLoggedIn, TooMany


class BadLogin(NotLoggedIn):
    """Company, user name or password is wrong; which of them is not told."""

    code = "bad_login"
    title = "Company, user name or password is wrong."
    keeps_writes = True


class TooManyLogins(TooMany):
    """``wait_s``: seconds until the next attempt is heard."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(title=f"Too many failed logins. Try again in {wait_s} seconds.", facts={"wait_s": wait_s})
        self.wait_s = wait_s


class WeakPassword(Invalid):
    code = "weak_password"
    title = "Choose a longer or less common password (at least 8 characters)."


class WrongOldPassword(Invalid):
    code = "wrong_password"
    title = "The present password is wrong."


class LastAdministrator(Conflict):
    """Somebody must be able to administer the company."""

    code = "last_administrator"
    title = "This is the last administrator. Make another one first."
