"""Who is refused, in a world without Asterisk: remembers what it was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhiyin.engine.ports import Denial, TelephonyAway


@dataclass
class SimulatedAccess:
    """Implements ``engine.ports.AccessControl``. ``registered``: where telephones are, with their accounts."""

    registered: dict[str, frozenset[str]] = field(default_factory=dict)
    denied: tuple[Denial, ...] = ()
    is_away: bool = False

    async def denials(self) -> Sequence[Denial]:
        self._check()
        return self.denied

    async def put_denials(self, denials: Sequence[Denial]) -> None:
        self._check()
        self.denied = tuple(denials)

    async def telephone_addresses(self) -> Mapping[str, frozenset[str]]:
        self._check()
        return self.registered

    def restart(self) -> None:
        """As Asterisk does: nobody is refused any more."""
        self.denied = ()

    def _check(self) -> None:
        if self.is_away:
            raise TelephonyAway("away")
