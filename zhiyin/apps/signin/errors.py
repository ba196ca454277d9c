"""Refusals on the way in."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed, NotLoggedIn, Refusal


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


class SsoOnly(NotAllowed):
    """The password is right, and the company lets nobody in by it."""

    code = "sso_only"
    title = "Your company logs in by single sign-on. Choose it below the form."


class SignInFailed(Refusal):
    """A provider's answer is not believed, or lets nobody in; ``code`` says why, for the log-in page to tell."""

    code = "sign_in_failed"
    title = "Single sign-on did not work. Try again, or ask an administrator."


class NoBreakGlass(Invalid):
    code = "no_break_glass"
    title = "Name an administrator who can still log in with a password, in case the provider is away."

    def __init__(self) -> None:
        super().__init__(fields={"break_glass": "no_break_glass"})


class NoProvider(Conflict):
    code = "no_provider"
    title = "There must be an identity provider in use before passwords are switched off."
