"""Where a caller in automatic service is, as the board tells it (IVR状态)."""

from __future__ import annotations

from zhiyin.contracts.snapshots import StepRow
from zhiyin.domain.interactions import Interaction, Phase


def step_row(call: Interaction) -> StepRow | None:
    """Return the step at which the caller is; None in a line, with an agent, or without a flow.

    Who leaves a message, or is being put through to a number by the flow, is still at that step.
    """
    by_flow = call.transfer is not None and call.transfer.by_agent is None
    is_served = call.phase in (Phase.FLOW, Phase.MESSAGE) or (call.phase is Phase.TRANSFERRING and by_flow)
    if not is_served or call.flow is None or call.node is None or call.node_since is None:
        return None
    return StepRow(call.flow, call.flow_version or 0, call.node, call.node_kind, call.node_since)
