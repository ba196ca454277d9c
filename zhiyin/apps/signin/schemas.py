"""What the API says and takes of signing in."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts.session_schemas import SessionOut

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class LoginIn(Schema):
    company: str = Field(max_length=64)
    username: str = Field(max_length=64)
    password: str = Field(max_length=200)


class CodeIn(Schema):
    """A code of the authenticator app, or a recovery code."""

    code: Code


class PasswordAgainIn(Schema):
    """One's own password once more."""

    password: str = Field(max_length=200)


class FactorSetupOut(Schema):
    """``secret`` to be typed, ``address`` to be scanned as a QR code."""

    secret: str
    address: str


class RecoveryCodesOut(Schema):
    """Shown this once; each lets its user in once."""

    codes: list[str]


class EnteredOut(Schema):
    """The second factor is set up and the user is in."""

    session: SessionOut
    codes: list[str]


class SecondFactorOut(Schema):
    """``since`` null: two-factor is off."""

    since: datetime | None
    recovery_codes_left: int
    is_required: bool


class LoginSessionOut(Schema):
    """``browser`` and ``system``: product names, "" where the browser does not tell."""

    id: int
    browser: str
    system: str
    is_mobile: bool
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


class LoginSessionsOut(Schema):
    items: list[LoginSessionOut]


class EndedOut(Schema):
    ended: int


class UserSignInOut(Schema):
    second_factor: SecondFactorOut
    sessions: list[LoginSessionOut]


class SignInPolicyOut(Schema):
    """``break_glass``: the administrator whom a password lets in although ``is_sso_only``."""

    second_factor_roles: list[str]
    is_sso_only: bool
    break_glass: int | None = Field(alias="break_glass_id")


class SignInPolicyIn(Schema):
    second_factor_roles: list[Annotated[str, StringConstraints(min_length=1, max_length=40)]] = Field(max_length=200)
    is_sso_only: bool = False
    break_glass: int | None = None


class ProviderLogOutOut(Schema):
    """``address`` "": logged in by a password, or the provider offers no way to log out there."""

    address: str
