r"""Templates for what people write: ``SN-9999-AA``. Pure.

A template is compared sign by sign, so that no pattern whatever can make the check slow, and whoever writes one need
not know regular expressions. ``9`` a digit, ``A`` a Latin letter, ``*`` a letter or a digit, ``\`` makes the next
sign stand for itself, all others stand for themselves; ``|`` divides several templates of which one must fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

MAX_PATTERN = 200
_ESCAPE = "\\"
_OR = "|"


class BadPattern(Exception):
    """The template cannot be read: it ends with the escape, or a part of it is empty."""


def _is_digit(sign: str) -> bool:
    return sign in "0123456789"


def _is_letter(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _is_either(sign: str) -> bool:
    return _is_digit(sign) or _is_letter(sign)


_CLASSES: dict[str, Callable[[str], bool]] = {"9": _is_digit, "A": _is_letter, "*": _is_either}


def check_pattern(pattern: str) -> None:
    """Raises ``BadPattern``."""
    if any(not template for template in _templates(pattern)):
        raise BadPattern(pattern)


def fits_pattern(pattern: str, text: str) -> bool:
    """Return whether one of the templates fits the whole of ``text``."""
    return any(
        len(template) == len(text) and all(test(sign) for test, sign in zip(template, text, strict=True))
        for template in _templates(pattern)
    )


def _templates(pattern: str) -> Iterator[list[Callable[[str], bool]]]:
    template: list[Callable[[str], bool]] = []
    signs = iter(pattern)
    for sign in signs:
        if sign == _OR:
            yield template
            template = []
        elif sign == _ESCAPE:
            literal = next(signs, None)
            if literal is None:
                raise BadPattern(pattern)
            template.append(literal.__eq__)
        else:
            template.append(_CLASSES.get(sign, sign.__eq__))
    yield template
