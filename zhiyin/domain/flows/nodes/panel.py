"""What a node may be told: each kind names its fields once, its configuration is read by them and its panel drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zhiyin.domain.flows.filling import is_well_formed
from zhiyin.domain.flows.nodes import rows
from zhiyin.domain.flows.nodes.values import code, optional_prompt_key, prompt_key, text, whole_number

KEYS = frozenset("0123456789*#")
_LARGEST_ID = 2**53
_LONGEST_KEY = 60


class FieldKind(StrEnum):
    """How a field is written in the configuration, and by what it is chosen on a panel."""

    PROMPT = "prompt"  # {"key": name of a prompt}
    NUMBER = "number"
    TEXT = "text"
    QUEUE = "queue"  # its id
    FLOW = "flow"  # its id
    HOURS = "hours"  # a calendar's id
    CONTACT_CLASS = "class"  # its code, "" for none
    KEYS = "keys"  # {key of the telephone: what it means}
    SCORES = "scores"  # {key of the telephone: score}
    VALUE = "value"  # the name under which a value is kept
    CHOICE = "choice"  # one of the field's choices
    SWITCH = "switch"  # true or false
    TEMPLATE = "template"  # a text with {{value}} placeholders
    EXPRESSION = "expression"  # CEL over the values (contracts/expressions.py)
    CUSTOMER_CLASSES = "customer_classes"  # a list of ids
    CUSTOMER_FIELD = "customer_field"  # a field of a customer (customer_fields.py)
    CUSTOMER_KEY = "customer_key"  # by what a customer is found: "number", or a field of the company's own
    HTTP_SERVICE = "http_service"  # ids of external services, by what they are
    PAYMENT_SERVICE = "payment_service"
    MESSAGE_SERVICE = "message_service"
    STATEMENT = "statement"  # the key of a statement that a data source keeps
    ROWS = "rows"  # a list of objects, each with the field's columns, and an exit where the node's exits are its rows


@dataclass(frozen=True, slots=True)
class PanelField:
    """One field. ``words`` and ``hint`` in Chinese and English; ``least``, ``most``: of a number, a text's length,
    rows, or each score. ``attribute``: what the node calls it, where that is another name. ``choices``: code -> words.
    ``columns`` and ``read_row``: of rows. ``shown_by``, ``shown_for``: asked only where the field of that name, beside
    it, has one of these values."""

    name: str
    kind: FieldKind
    words: tuple[str, str]
    hint: tuple[str, str] = ("", "")
    is_required: bool = True
    least: int = 0
    most: int = _LARGEST_ID
    default: int | str | None = None
    unit: str = ""  # "s"
    attribute: str = ""
    choices: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    columns: tuple[PanelField, ...] = ()
    read_row: Callable[[Mapping[str, Any]], object] | None = None
    shown_by: str = ""
    shown_for: tuple[str, ...] = ()

    def read(self, config: Mapping[str, Any]) -> object:  # noqa: PLR0911 - one arm a kind
        """Return the checked value. Raises ``KeyError`` or ``ValueError`` with the field's name."""
        if self.read_row is not None:
            return rows.read_rows(self.name, config, self.read_row, least=self.least)
        match self.kind:
            case FieldKind.PROMPT:
                return (prompt_key if self.is_required else optional_prompt_key)(config, self.name)
            case FieldKind.NUMBER:
                default = self.default if isinstance(self.default, int) else None
                return whole_number(config, self.name, least=self.least, most=self.most, default=default)
            case FieldKind.HTTP_SERVICE | FieldKind.PAYMENT_SERVICE | FieldKind.MESSAGE_SERVICE:
                return whole_number(config, self.name, least=1, most=_LARGEST_ID)
            case FieldKind.STATEMENT | FieldKind.CUSTOMER_KEY:
                return text(config, self.name, most=_LONGEST_KEY)
            case FieldKind.QUEUE | FieldKind.HOURS | FieldKind.FLOW:
                return whole_number(config, self.name, least=1, most=_LARGEST_ID)
            case FieldKind.TEXT | FieldKind.TEMPLATE:
                return self._read_text(config)
            case FieldKind.VALUE:
                return rows.read_value_name(config, self.name)
            case FieldKind.CHOICE:
                return self._read_choice(config)
            case FieldKind.SWITCH:
                return self._read_switch(config)
            case FieldKind.CONTACT_CLASS:
                return code(config, self.name)
            case _:
                return self._read_keys(config)

    def _read_text(self, config: Mapping[str, Any]) -> str:
        if not self.is_required and config.get(self.name) in (None, ""):
            return ""
        found = text(config, self.name, most=self.most)
        if self.kind is FieldKind.TEMPLATE and not is_well_formed(found):
            raise ValueError(self.name)
        return found

    def _read_choice(self, config: Mapping[str, Any]) -> str:
        choice = config.get(self.name, self.default)
        if choice not in self.choices:
            raise ValueError(self.name)
        return str(choice)

    def _read_switch(self, config: Mapping[str, Any]) -> bool:
        is_on = config.get(self.name, False)
        if not isinstance(is_on, bool):
            raise ValueError(self.name)
        return is_on

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
