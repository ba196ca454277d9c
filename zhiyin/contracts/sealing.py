"""How a secret travels from Django to the engine: sealed, so that neither database nor backup shows it.

Form: "s1." and base64url(nonce, AES-256-GCM of the text), with a key derived from the installation's vault key. The
seal is bound to the company and to what the secret is for: a row copied to another company or kind does not open.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TRUNK_SECRET = "trunk"  # noqa: S105 - what the secret is for
TELEPHONE_SECRET = "telephone"  # noqa: S105
SERVICE_SECRET = "external service"  # noqa: S105
_FORM = "s1."
_NONCE_BYTES = 12


class CannotOpen(Exception):
    """Not sealed with this installation's key, for this company and purpose: ``DATA/secrets`` and the database do not
    belong together, or somebody changed the row."""


class SecretSealer:
    """Seals and opens with the installation's vault key (32 bytes)."""

    def __init__(self, vault_key: bytes) -> None:
        # Recordings' keys are wrapped with the vault key itself; one key does one thing.
        derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"zhiyin settings secrets")
        self._cipher = AESGCM(derive.derive(vault_key))

    def seal(self, text: str, *, tenant: int, purpose: str) -> str:
        """Return ``text`` sealed, differently each time; nothing stays nothing."""
        if not text:
            return ""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), _bound_to(tenant, purpose))
        return _FORM + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, *, tenant: int, purpose: str) -> str:
        """Return the text. Raises ``CannotOpen``, also for what was never sealed."""
        if not sealed:
            return ""
        if not sealed.startswith(_FORM):
            raise CannotOpen("not sealed")
        try:
            content = base64.urlsafe_b64decode(sealed.removeprefix(_FORM))
            return self._cipher.decrypt(
                content[:_NONCE_BYTES], content[_NONCE_BYTES:], _bound_to(tenant, purpose)
            ).decode()
        except (ValueError, InvalidTag) as error:
            raise CannotOpen("another key, company or purpose") from error


def _bound_to(tenant: int, purpose: str) -> bytes:
    return f"{purpose}:{tenant}".encode()
