"""What the installation's vault key keeps: each company's recording key, and the secrets of trunks and telephones.

The database alone opens no recording and registers no telephone.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from zhiyin.apps.tenancy.errors import TenancyError
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.sealing import SecretSealer

KEY_BYTES = 32
_NONCE_BYTES = 12


class WrongVaultKey(TenancyError):
    """The stored key was wrapped with another vault key: ``DATA/secrets`` does not belong to this database."""


def new_wrapped_key(*, vault_key: bytes, company: str) -> bytes:
    """Return a fresh company key, encrypted and bound to the company's code."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(vault_key).encrypt(nonce, os.urandom(KEY_BYTES), company.encode())


def unwrap_key(wrapped: bytes, *, vault_key: bytes, company: str) -> bytes:
    """Return the company's key. Raises ``WrongVaultKey``."""
    try:
        return AESGCM(vault_key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], company.encode())
    except InvalidTag as error:
        raise WrongVaultKey(company) from error


def seal_secret(text: str, *, tenant: Tenant, purpose: str) -> str:
    """Return a secret as it may stand in the database (``contracts.sealing``)."""
    return SecretSealer(bytes.fromhex(settings.VAULT_KEY)).seal(text, tenant=tenant.pk, purpose=purpose)


def open_secret(sealed: str, *, tenant: Tenant, purpose: str) -> str:
    """Return what ``seal_secret`` sealed, for a secret that people are told. Raises ``CannotOpen``."""
    return SecretSealer(bytes.fromhex(settings.VAULT_KEY)).open(sealed, tenant=tenant.pk, purpose=purpose)
