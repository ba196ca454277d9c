"""What an administrator asks of the test channel: contacts without customers that show the rules of capacity."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from zhiyin.contracts import commands as c
from zhiyin.contracts.rehearsals import ContactTestRow
from zhiyin.domain.routing.policy import VOICE
from zhiyin.engine.contact_tests import AT_MOST, TestContact
from zhiyin.engine.refusals import Refused

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

Wish = c.PutTestContacts | c.ListTestContacts | c.EndTestContacts


def meet(board: Switchboard, tenant: Tenant, command: Wish) -> list[ContactTestRow] | None:
    """Raises ``Refused``."""
    tests = tenant.desk.distribution.tests
    if isinstance(command, c.ListTestContacts):
        return [_row(one) for one in tests.all()]
    made: list[str] = []
    if isinstance(command, c.PutTestContacts):
        made = _put(board, tenant, command)
    else:
        ended = [one.contact.id for one in tests.all()] if command.contact is None else [command.contact]
        for contact in ended:
            tenant.desk.test_contacts.end(contact, board.clock.now())
    board.settle(tenant)
    board.publish_soon()
    return [_row(one) for one in tests.all() if one.contact.id in made] if made else None


def _put(board: Switchboard, tenant: Tenant, command: c.PutTestContacts) -> list[str]:
    company, desk = tenant.company, tenant.desk
    if command.queue not in company.queues:
        raise Refused("unknown_queue")
    if command.channel not in company.policy.channels or command.channel == VOICE:
        raise Refused("unknown_channel")
    if len(desk.distribution.tests) + command.count > AT_MOST:
        raise Refused("too_many_tests", limit=str(AT_MOST))
    now = board.clock.now()
    return [desk.test_contacts.put(command.queue, command.channel, command.lasts_s, now) for _ in range(command.count)]


def _row(one: TestContact) -> ContactTestRow:
    contact = one.contact
    since = datetime.fromtimestamp(contact.since, UTC)
    return ContactTestRow(contact.id, contact.queue or 0, contact.channel, since, one.agent, one.taken_at)
