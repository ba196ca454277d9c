"""Reading a node's configuration: each function returns a checked value or raises with the field's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST_CODE = 40


def prompt_key(config: Mapping[str, Any], name: str = "prompt") -> str:
    """Return a prompt's key from ``{"prompt": {"key": "welcome"}}``. Raises ``KeyError(name)`` where it is missing."""
    key = optional_prompt_key(config, name)
    if key is None:
        raise KeyError(name)
    return key


def optional_prompt_key(config: Mapping[str, Any], name: str = "prompt") -> str | None:
    prompt = config.get(name)
    if prompt is None:
        return None
    if not isinstance(prompt, Mapping) or not isinstance(prompt.get("key"), str) or not prompt["key"]:
        raise KeyError(name)
    return str(prompt["key"])


def text(config: Mapping[str, Any], name: str, *, most: int) -> str:
    """Return a text without the blanks around it. Raises ``ValueError(name)`` for none, or too long a one."""
    value = config.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise ValueError(name)
    return value.strip()


def whole_number(config: Mapping[str, Any], name: str, *, least: int, most: int, default: int | None = None) -> int:
    """Return an integer between ``least`` and ``most``. Raises ``KeyError(name)`` or ``ValueError(name)``."""
    value = config.get(name, default)
    if value is None:
        raise KeyError(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(name)
    return value


def code(config: Mapping[str, Any], name: str) -> str:
    """Return a code, "" where none is given. Raises ``ValueError(name)``."""
    value = config.get(name) or ""
    if not isinstance(value, str) or len(value) > LONGEST_CODE:
        raise ValueError(name)
    return value
