"""What goes wrong with companies."""

from __future__ import annotations


class TenancyError(Exception):
    """The root of this app's errors."""


class TenantMissing(TenancyError):
    """A query named no company. A fault of the program: say ``objects.of(tenant)``."""
