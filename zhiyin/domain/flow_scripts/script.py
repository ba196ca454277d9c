"""The language of caller scripts: reading and writing them. One line is one step; Chinese and English words are one.

    在 2026-11-23 10:00        at 2026-11-23 10:00
    按 1                       press 1
    应 排队 售后               expect queue 售后

Blank lines and what follows a # at a line's beginning are for people. A name with blanks stands in quotes.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

LONGEST_WAIT_S = 14_400
MOST_LINES = 200
_KEYS = frozenset("0123456789*#")

#: The commands: code -> its words, those first that are written.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "at": ("在", "at"),
    "closed": ("关门", "closed"),
    "open": ("营业", "open"),
    "caller": ("主叫", "caller"),
    "vip": ("贵宾", "vip"),
    "class": ("客户分级", "class"),
    "unstaffed": ("无人签入", "unstaffed"),
    "full": ("留言已满", "full"),
    "booked": ("约满", "booked"),
    "value": ("数据", "value"),
    "lookup": ("查询", "lookup"),
    "share": ("份额", "share"),
    "press": ("按", "press"),
    "say": ("说", "says"),
    "wait": ("等", "wait"),
    "answer": ("接听", "answer"),
    "hangup": ("挂断", "hangup"),
    "expect": ("应", "expect"),
    "never": ("不应", "never"),
}
#: What may be expected: code -> its words.
ASPECTS: Mapping[str, tuple[str, str]] = {
    "say": ("听到", "say"),
    "node": ("到达", "node"),
    "queue": ("排队", "queue"),
    "voicemail": ("留言", "voicemail"),
    "callback": ("回呼", "callback"),
    "booking": ("预约", "booking"),
    "talking": ("通话", "talking"),
    "value": ("数据", "value"),
    "language": ("语言", "language"),
    "end": ("结束", "end"),
    "any": ("", ""),
}
_COMMAND_OF = {word: code for code, words in COMMANDS.items() for word in words}
_ASPECT_OF = {word: code for code, words in ASPECTS.items() for word in words if word}
#: How many arguments a command takes, least and most.
_TAKES: Mapping[str, tuple[int, int]] = {
    "at": (2, 2),
    "closed": (0, 3),
    "open": (0, 3),
    "caller": (1, 1),
    "vip": (0, 0),
    "class": (1, 1),
    "unstaffed": (1, 1),
    "full": (1, 1),
    "booked": (1, 1),
    "value": (2, 2),
    "lookup": (2, 20),
    "share": (2, 2),
    "press": (1, 1),
    "say": (1, 40),
    "wait": (0, 1),
    "answer": (0, 0),
    "hangup": (0, 0),
    "expect": (1, 3),
    "never": (1, 3),
}
#: These say how the world is, and stand before what is done in it.
GIVEN = frozenset(
    {"at", "closed", "open", "caller", "vip", "class", "unstaffed", "full", "booked", "value", "lookup", "share"}
)
EXPECTATIONS = frozenset({"expect", "never"})


@dataclass(frozen=True, slots=True)
class Line:
    """One step: ``number`` counts from 1; ``command`` is a code; of an expectation ``aspect`` says what of."""

    number: int
    text: str
    command: str
    arguments: tuple[str, ...] = ()
    aspect: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """A line that says nothing: ``code`` is translated by whoever shows it."""

    number: int
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class BadScript(Exception):
    """The text is no script; ``slips`` say why, all of them at once."""

    slips: tuple[Slip, ...] = field(default=())


def read_script(text: str) -> Script:
    """Return the script of a text. Raises ``BadScript``."""
    return _read(text, is_test=True)


def read_acts(text: str) -> Script:
    """Return the script of a trial: what is done alone, nothing expected of it. Raises ``BadScript``."""
    return _read(text, is_test=False)


def _read(text: str, *, is_test: bool) -> Script:
    lines: list[Line] = []
    slips: list[Slip] = []
    has_begun = False
    for number, raw in enumerate(text.splitlines(), 1):
        stripped = raw.strip()
        if not stripped or stripped.startswith("#"):
            continue
        try:
            line = _read_line(number, stripped)
        except _SlipFound as found:
            slips.append(Slip(number, found.code, stripped))
            continue
        if line.command in GIVEN and has_begun:
            slips.append(Slip(number, "given_too_late", stripped))
        if line.command in EXPECTATIONS and not is_test:
            slips.append(Slip(number, "no_act", stripped))
        has_begun = has_begun or line.command not in GIVEN
        lines.append(line)
    if is_test and not slips and not any(line.command in EXPECTATIONS for line in lines):
        slips.append(Slip(max(1, len(text.splitlines())), "expects_nothing"))
    if len(lines) > MOST_LINES:
        slips.append(Slip(MOST_LINES, "too_long"))
    if slips:
        raise BadScript(tuple(slips))
    return Script(tuple(lines))


class _SlipFound(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _read_line(number: int, text: str) -> Line:
    try:
        word, *arguments = shlex.split(text)
    except ValueError as error:
        raise _SlipFound("open_quotes") from error
    command = _COMMAND_OF.get(word.lower())
    if command is None:
        raise _SlipFound("unknown_word")
    least, most = _TAKES[command]
    if not least <= len(arguments) <= most:
        raise _SlipFound("wrong_arguments")
    if command in EXPECTATIONS:
        aspect, arguments = _read_aspect(arguments)
        return Line(number, text, command, tuple(arguments), aspect)
    _check(command, arguments)
    return Line(number, text, command, tuple(arguments))


def _read_aspect(arguments: list[str]) -> tuple[str, list[str]]:
    aspect = _ASPECT_OF.get(arguments[0].lower())
    if aspect is None or (aspect == "language" and len(arguments) == 1):  # so a step may be called
        if len(arguments) > 1:
            raise _SlipFound("unknown_expectation")
        return "any", arguments
    needs = {"value": (2, 2), "end": (0, 1), "talking": (0, 0)}.get(aspect, (1, 1))
    if not needs[0] <= len(arguments) - 1 <= needs[1]:
        raise _SlipFound("wrong_arguments")
    return aspect, arguments[1:]


def _check(command: str, arguments: list[str]) -> None:
    match command:
        case "at":
            try:
                datetime.strptime(" ".join(arguments), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the company's own wall clock
            except ValueError as error:
                raise _SlipFound("bad_moment") from error
        case "closed" | "open":
            _check_span(arguments[1:])
        case "press":
            if not set(arguments[0]) <= _KEYS:
                raise _SlipFound("bad_keys")
        case "wait" if arguments:
            if not arguments[0].isdecimal() or not 0 < int(arguments[0]) <= LONGEST_WAIT_S:
                raise _SlipFound("bad_number")
        case "share":
            if not arguments[1].isdecimal() or int(arguments[1]) >= 100:
                raise _SlipFound("bad_number")
        case "lookup":
            if not all("=" in one for one in arguments[2:]):
                raise _SlipFound("wrong_arguments")


def _check_span(span: list[str]) -> None:
    """From when until when, by the company's own clock; both, or neither."""
    if len(span) == 1:
        raise _SlipFound("wrong_arguments")
    try:
        since, until = [minute_of(one) for one in span] or (0, 1)
    except ValueError as error:
        raise _SlipFound("bad_time") from error
    if since == until:
        raise _SlipFound("bad_time")


def minute_of(text: str) -> int:
    """Return the minute of the day that is written as 09:30. Raises ``ValueError``."""
    moment = datetime.strptime(text, "%H:%M")  # noqa: DTZ007 - the company's own wall clock
    return moment.hour * 60 + moment.minute


def to_line(command: str, *arguments: str, aspect: str = "", language: str = "zh") -> str:
    """Return a line as it is written in a language."""
    column = 0 if language == "zh" else 1
    words = [COMMANDS[command][column]]
    if aspect and aspect != "any":
        words.append(ASPECTS[aspect][column])
    return " ".join([*words, *(_quoted(argument) for argument in arguments)])


def _quoted(argument: str) -> str:
    is_plain = bool(argument) and not any(sign.isspace() or sign in "\"'\\#" for sign in argument)
    return argument if is_plain else '"' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"'
