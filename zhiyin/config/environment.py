"""The environment of the children, under the name by which ``config`` knows it; the type is a contract."""

from __future__ import annotations

from zhiyin.contracts.environment import ARI_APPLICATION, Environment, EnvironmentIncomplete

__all__ = ["ARI_APPLICATION", "Environment", "EnvironmentIncomplete"]
