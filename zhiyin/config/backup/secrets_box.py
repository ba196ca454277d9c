"""The installation's keys in an archive: locked by a passphrase, so that the archive alone opens no recording.

scrypt makes a key of the passphrase, AES-256-GCM locks the secrets with it; both come from ``cryptography``.
"""

from __future__ import annotations

import os

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
#: 128 MB and about half a second: dear to whoever tries many passphrases, bearable once
_WORK = 2**17
_MAGIC = b"ZYS1"


class WrongPassphrase(Exception):
    """The passphrase does not open the secrets, or they were changed."""


def lock_secrets(secrets: dict[str, bytes], passphrase: str) -> bytes:
    """Return the secrets, file name to content, encrypted."""
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, msgspec.json.encode(secrets), _MAGIC)
    return _MAGIC + salt + nonce + sealed


def is_locked(content: bytes) -> bool:
    """Whether this is what ``lock_secrets`` gives."""
    return content.startswith(_MAGIC)


def unlock_secrets(box: bytes, passphrase: str) -> dict[str, bytes]:
    """Return the secrets. Raises ``WrongPassphrase``."""
    head = len(_MAGIC)
    salt, nonce = box[head : head + _SALT_BYTES], box[head + _SALT_BYTES : head + _SALT_BYTES + _NONCE_BYTES]
    try:
        content = AESGCM(_key(passphrase, salt)).decrypt(nonce, box[head + _SALT_BYTES + _NONCE_BYTES :], _MAGIC)
    except InvalidTag as error:
        raise WrongPassphrase from error
    return msgspec.json.decode(content, type=dict[str, bytes])


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=_KEY_BYTES, n=_WORK, r=8, p=1).derive(passphrase.encode())
