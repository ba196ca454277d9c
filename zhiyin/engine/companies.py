"""The companies that the engine serves: their settings come, change and go while calls live."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.contracts.frames import BoardUpdate
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.calls import inputs
from zhiyin.engine import loans
from zhiyin.engine.board_keeper import BoardKeeper
from zhiyin.engine.company import read_company
from zhiyin.engine.promises import Promises
from zhiyin.engine.routing_desk import RoutingDesk
from zhiyin.engine.tenant import Tenant

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard


def put(board: Switchboard, settings: TenantSettings) -> Tenant:
    """Take a company's settings, new or changed; live calls keep the flow version they began with.

    Whoever is lent to a queue for a time comes and goes by itself.
    """
    now = board.clock.now()
    _plan_loans(board, settings, now)
    settings = loans.in_force(settings, now)
    settings = board.trials.in_force(settings)
    tenant = board.tenants.get(settings.tenant)
    if tenant is None:
        company = read_company(settings)
        desk = RoutingDesk(company)
        keeper = BoardKeeper(company, desk, number=lambda: (board.journal.epoch, board.journal.number))
        promises = Promises(company, desk, keeper.figures().get)
        keeper.newcomer = promises.of_newcomer
        tenant = board.tenants[settings.tenant] = Tenant(company, desk, keeper, promises)
        board.on_board(BoardUpdate(settings.tenant, board.journal.epoch, board.journal.number, board=keeper.board()))
    else:
        tenant.company = read_company(settings, tenant.company)
        tenant.desk.company = tenant.company
        tenant.board.company_changed(tenant.company)
        tenant.promises.company_changed(tenant.company)
        dismiss_removed_agents(board, tenant)
        tenant.desk.rematch(board.clock.now())
        board.settle(tenant)
    return tenant


def _plan_loans(board: Switchboard, settings: TenantSettings, now: datetime) -> None:
    key = ("loans", settings.tenant)
    change_at = loans.next_change_at(settings, now)
    if change_at is None:
        board.timers.stop(key)
        return
    board.timers.start(key, (change_at - now).total_seconds(), lambda: _change_loans(board, settings))


def _change_loans(board: Switchboard, settings: TenantSettings) -> None:
    if settings.tenant in board.tenants:
        put(board, settings)
        board.publish_soon()


def ways(board: Switchboard) -> list[str]:
    """Return what the dialplan calls every company's trunks."""
    return [f"trunk-{trunk.id}" for tenant in board.tenants.values() for trunk in tenant.company.settings.trunks]


def vip_keys(board: Switchboard) -> frozenset[str]:
    """Return by what the dialplan knows every company's VIP entry numbers."""
    return frozenset().union(*(tenant.company.vip_keys for tenant in board.tenants.values()))


def remove(board: Switchboard, tenant_id: int) -> None:
    """A company was removed: end its contacts; nothing of it is answered any more."""
    tenant = board.tenants.pop(tenant_id, None)
    if tenant is None:
        return
    board.timers.stop(("loans", tenant_id))
    for session in [s for s in board.every_session if s.tenant is tenant]:
        session.post(inputs.LegEnded(session.call.customer_leg, "hangup"))
        board.run(board.hang_up_quietly(session.call.customer_leg))
    empty = TenantSettings(tenant=tenant_id, code=tenant.company.settings.code, name="", version=0)
    board.run(board.telephones.apply_settings(empty))


def dismiss_removed_agents(board: Switchboard, tenant: Tenant) -> None:
    """Sign out who is in the company no more; who is occupied is signed out as that ends."""
    for agent in [a for a in tenant.desk.agents if a not in tenant.company.agents]:
        if tenant.desk.agent(agent).is_signed_in and not tenant.desk.is_occupied(agent):
            tenant.desk.sign_out(agent, actor=None, now=board.clock.now())
        board.run(board.close_browser(tenant.id, agent))
