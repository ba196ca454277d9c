"""随路数据: what is known of a contact besides its customer, as keys and values; personal, so kept by reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from zhiyin.contracts.numbers import mask_numbers_in

MAX_KEYS = 20
MAX_KEY_CHARACTERS = 40
MAX_VALUE_CHARACTERS = 200


def attached_data(refs: Iterable[str], personal: Mapping[str, str]) -> dict[str, str]:
    """Return all that stands behind the references, later values for earlier ones; what was erased is missing."""
    merged: dict[str, str] = {}
    for ref in refs:
        value = personal.get(ref)
        if value is not None:
            merged |= msgspec.json.decode(value, type=dict[str, str])
    return merged


def masked_data(data: Mapping[str, str]) -> dict[str, str]:
    """Return data for who may not see numbers in clear: telephone numbers in values masked, as in what was said."""
    return {key: mask_numbers_in(value) for key, value in data.items()}


def is_fit(data: Mapping[str, str], known: Mapping[str, str]) -> bool:
    """Return whether ``data`` may be added to what is ``known``."""
    return (
        bool(data)
        and len(known.keys() | data.keys()) <= MAX_KEYS
        and all(
            0 < len(key) <= MAX_KEY_CHARACTERS and len(value) <= MAX_VALUE_CHARACTERS for key, value in data.items()
        )
    )


def fitting(data: Mapping[str, str]) -> dict[str, str]:
    """Return what of data from outside may be attached: too long, empty or unprintable things are left out."""
    fit = {
        key: value
        for key, value in data.items()
        if 0 < len(key) <= MAX_KEY_CHARACTERS and 0 < len(value) <= MAX_VALUE_CHARACTERS and value.isprintable()
    }
    return dict(list(fit.items())[:MAX_KEYS])


def to_value(data: Mapping[str, str]) -> str:
    """Return how data stand in the side table."""
    return msgspec.json.encode(dict(data)).decode()
