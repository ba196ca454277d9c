"""Service objectives with a share: "80 % within 20 s". Pure.

Who is served first under ``ContactChoice.SERVICE_OBJECTIVE`` is whose target is missed first: earliest deadline first.
A target with a share may be missed now and then; so a deadline moves with the share reached so far, as in
distance-based priority for streams of which m of k deadlines must be met (Hamdaoui and Ramanathan 1995, "A dynamic
priority assignment technique for streams with (m,k)-firm deadlines"): whoever lags behind its share comes sooner,
whoever is ahead of it later. The deadline moves by the target's own length at most, so nobody waits for ever.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.domain.metrics.definitions import QueueFigures
from zhiyin.domain.routing.policy import ContactChoice, ContactClass, Policy, QueuePolicy

#: A day begins as if so many contacts had been served just as aimed at: the first few do not turn the order over.
AS_IF = 20
#: The share reached is told in such steps, so that the order does not change with every contact.
STEP = 0.05


def reached_by(
    policy: Policy, queues: Mapping[int, QueueFigures], classes: Mapping[str, QueueFigures]
) -> dict[int | str, float]:
    """Return ``Policy.reached`` of today's figures: of what aims at a share, where the company goes by objectives."""
    if policy.contact_choice is not ContactChoice.SERVICE_OBJECTIVE:
        return {}
    found: dict[int | str, float] = {}
    for queue, figures in queues.items():
        target_pct = policy.queue(queue).target_pct
        if target_pct > 0:
            found[queue] = _share_of(figures, target_pct)
    for code, figures in classes.items():
        contact_class = policy.class_of(code)
        if contact_class.target_s is not None and contact_class.target_pct > 0:
            found[code] = _share_of(figures, contact_class.target_pct)
    return found


def changed_shares(before: Mapping[int | str, float], now: Mapping[int | str, float]) -> set[int | str]:
    """Return the queues and classes whose share reached is another now."""
    return {one for one in before.keys() | now.keys() if before.get(one) != now.get(one)}


def _share_of(figures: QueueFigures, target_pct: float) -> float:
    return reached_share(figures.answered_in_target, figures.answered + figures.lost, target_pct)


def reached_share(in_time: int, of: int, target_pct: float) -> float:
    """Return the share (0-1) of contacts served in time so far, steadied and in steps."""
    share = (in_time + AS_IF * target_pct / 100) / (of + AS_IF)
    return round(round(share / STEP) * STEP, 2)


def deadline_s(queue: QueuePolicy, contact_class: ContactClass, reached: Mapping[int | str, float]) -> float:
    """Return after which wait a contact is due: the target, nearer by as much as its share is not reached."""
    if contact_class.target_s is not None:
        return _moved(contact_class.target_s, contact_class.target_pct, reached.get(contact_class.code))
    return _moved(queue.target_s, queue.target_pct, reached.get(abs(queue.id)))


def _moved(target_s: float, target_pct: float, reached: float | None) -> float:
    if reached is None or target_pct <= 0:
        return target_s
    return target_s * min(2.0, reached * 100 / target_pct)
