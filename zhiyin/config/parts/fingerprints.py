"""What machines must have alike, in few signs: the program, the description, the keys. No value can be read back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from zhiyin.contracts.links import LinkKeys

_PACKAGE = Path(__file__).resolve().parents[2]
_SIGNS = 12
#: stands among the variables for the keys' folder
LINK = "link/"


def program() -> str:
    """Return the version with a digest of the program's files: copies that differ have one version often enough."""
    digest = hashlib.sha256()
    for file in sorted(_PACKAGE.rglob("*.py")):
        if "tests" not in file.parts:
            digest.update(str(file.relative_to(_PACKAGE)).encode() + b"\0" + file.read_bytes())
    try:
        number = version("zhiyin")
    except PackageNotFoundError:
        number = "?"
    return f"{number} ({digest.hexdigest()[:_SIGNS]})"


def description(values: Mapping[str, str], keys: LinkKeys | None) -> dict[str, str]:
    """Return a digest of each variable, keyed by the installation's own secret: a short one cannot be guessed."""
    key = values.get("ZHIYIN_SECRET_KEY", "").encode()
    told = {
        name: hmac.new(key, f"{name}={value}".encode(), hashlib.sha256).hexdigest()[:_SIGNS]
        for name, value in values.items()
        if name.startswith("ZHIYIN_")
    }
    if keys is not None and keys.certificate.exists():
        told[LINK] = hashlib.sha256(keys.certificate.read_bytes()).hexdigest()[:_SIGNS]
    return told
