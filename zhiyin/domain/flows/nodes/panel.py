"""What a node may be told: each kind names its fields once, its configuration is read by them and its panel drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhiyin.domain.flows.nodes.values import code, optional_prompt_key, prompt_key, text, whole_number

KEYS = frozenset("0123456789*#")
_LARGEST_ID = 2**53


class FieldKind(StrEnum):
    """How a field is written in the configuration, and by what it is chosen on a panel."""

    PROMPT = "prompt"  # {"key": name of a prompt}
    NUMBER = "number"
    TEXT = "text"
    QUEUE = "queue"  # its id
    HOURS = "hours"  # a calendar's id
    CONTACT_CLASS = "class"  # its code, "" for none
    KEYS = "keys"  # {key of the telephone: what it means}
    SCORES = "scores"  # {key of the telephone: score}


@dataclass(frozen=True, slots=True)
class PanelField:
    """One field. ``words`` and ``hint`` in Chinese and English; ``least``, ``most``: of a number, a text's length, or
    each score. ``attribute``: what the node calls it, where that is another name."""

    name: str
    kind: FieldKind
    words: tuple[str, str]
    hint: tuple[str, str] = ("", "")
    is_required: bool = True
    least: int = 0
    most: int = _LARGEST_ID
    default: int | None = None
    unit: str = ""  # "s"
    attribute: str = ""

    def read(self, config: Mapping[str, Any]) -> object:
        """Return the checked value. Raises ``KeyError`` or ``ValueError`` with the field's name."""
        match self.kind:
            case FieldKind.PROMPT:
                return (prompt_key if self.is_required else optional_prompt_key)(config, self.name)
            case FieldKind.NUMBER:
                return whole_number(config, self.name, least=self.least, most=self.most, default=self.default)
            case FieldKind.QUEUE | FieldKind.HOURS:
                return whole_number(config, self.name, least=1, most=_LARGEST_ID)
            case FieldKind.TEXT:
                return text(config, self.name, most=self.most)
            case FieldKind.CONTACT_CLASS:
                return code(config, self.name)
            case FieldKind.KEYS | FieldKind.SCORES:
                return self._read_keys(config)

    def _read_keys(self, config: Mapping[str, Any]) -> dict[str, Any]:
        keys = config.get(self.name)
        if not isinstance(keys, Mapping) or len(keys) < self.least or not set(keys) <= KEYS:
            raise ValueError(self.name)
        if self.kind is FieldKind.KEYS:
            return {str(key): str(means) for key, means in keys.items()}
        try:
            return {str(key): whole_number(keys, key, least=1, most=self.most) for key in keys}
        except ValueError as error:
            raise ValueError(self.name) from error


def read_fields(fields: tuple[PanelField, ...], config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the node is made of. Raises ``KeyError`` or ``ValueError`` with the name of the first wrong field."""
    return {field.attribute or field.name: field.read(config) for field in fields}
