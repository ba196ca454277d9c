"""What every command of the engine is: a struct that says by its name what is to be done."""

from __future__ import annotations

import msgspec


class CommandBase(msgspec.Struct, frozen=True, tag_field="do", tag=True):
    pass
