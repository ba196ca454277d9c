"""Refusals about users and logging in."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotFound, NotLoggedIn, TooMany


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
    keeps_writes = True


class LastAdministrator(Conflict):
    """Somebody must be able to administer the company."""

    code = "last_administrator"
    title = "This is the last administrator. Make another one first."


class BuiltInRole(Conflict):
    code = "built_in_role"
    title = "Built-in roles stay as they are. Copy the role and change the copy."


class RoleInUse(Conflict):
    """``users``: how many have it."""

    code = "role_in_use"
    title = "Users have this role. Give them another one first."

    def __init__(self, users: int) -> None:
        super().__init__(facts={"users": users})


class DepartmentInUse(Conflict):
    code = "department_in_use"
    title = "There are departments or teams in this department. Move or remove them first."


class TeamInUse(Conflict):
    code = "team_in_use"
    title = "There are users in this team. Move them to another one first."


class BelowItself(Invalid):
    code = "below_itself"
    title = "A department cannot be moved below itself."

    def __init__(self) -> None:
        super().__init__(fields={"parent": "below_itself"})


class TooDeep(Invalid):
    code = "too_deep"
    title = "The tree of departments would become too deep."

    def __init__(self, most: int) -> None:
        super().__init__(facts={"most": most}, fields={"parent": "too_deep"})


class NothingToView(NotFound):
    """The user or role to look at does not exist, or is one's own."""


class SelfTakeOver(Invalid):
    code = "hand_over_to_self"
    title = "Choose somebody else to take over."

    def __init__(self) -> None:
        super().__init__(fields={"to": "hand_over_to_self"})


class StillOwns(Conflict):
    """``facts``: how many things of each kind."""

    code = "still_owns"
    title = "This user owns things. Say who takes them over."


class BadAbsence(Invalid):
    code = "bad_absence"
    title = "An absence ends after it begins, and the deputy is somebody else."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "bad_absence"})
