"""Handing a contact on: transfers, second parties, parking, attached data. From commands to a call's inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.contracts import commands as c
from zhiyin.contracts.attached_data import attached_data, is_fit, to_value
from zhiyin.domain.calls import inputs
from zhiyin.engine import outbound
from zhiyin.engine.refusals import Refused

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

MAX_NOTE_CHARACTERS = 500

Wish = (
    c.Transfer
    | c.Consult
    | c.CompleteTransfer
    | c.Conference
    | c.SwapParties
    | c.EndConsult
    | c.AttachData
    | c.Park
    | c.Unpark
)


def wish_of(board: Switchboard, command: Wish, session: InteractionSession) -> inputs.Input:  # noqa: PLR0911 - one arm a wish
    """Return what the contact is asked; personal values stand in its session from here.

    Raises ``Refused`` and ``DialRefused``.
    """
    agent = command.agent
    match command:
        case c.Transfer() | c.Consult():
            return _target_of(board, command, session)
        case c.CompleteTransfer(note=note):
            return inputs.CompleteAsked(agent, keep_note(board, session, note))
        case c.Conference():
            return inputs.ConferenceAsked(agent)
        case c.SwapParties():
            return inputs.SwapAsked(agent)
        case c.EndConsult():
            return inputs.EndConsultAsked(agent)
        case c.Park(note=note):
            return inputs.ParkAsked(agent, keep_note(board, session, note))
        case c.Unpark():
            if board.telephones.account_of(session.tenant, agent) is None:
                raise Refused("no_telephone")
            return inputs.UnparkAsked(agent)
        case c.AttachData(data=data):
            if not is_fit(data, attached_data(session.call.data_refs, session.personal)):
                raise Refused("bad_data")
            return inputs.DataGiven(session.know(board.new_id(), to_value(data), kind="data"), agent=agent)


def result_of(command: object, session: InteractionSession) -> object:
    """Return what is told to who asked, once it is done."""
    parked = session.call.parked
    return {"slot": parked.slot} if isinstance(command, c.Park) and parked is not None else None


def parked_session(board: Switchboard, tenant: Tenant, command: c.Unpark) -> InteractionSession:
    """Return the parked contact that is meant. Raises ``Refused``."""
    if command.interaction is not None:
        session = board.sessions.get(command.interaction)
    else:
        session = board.parked_on(tenant, command.slot or 0)
    if session is None or session.tenant is not tenant or session.call.parked is None:
        raise Refused("nothing_parked")
    return session


def _target_of(
    board: Switchboard, command: c.Transfer | c.Consult, session: InteractionSession
) -> inputs.TransferAsked | inputs.ConsultAsked:
    """Check to whom the contact is to go; a number by the rules for calling out."""
    agent, kind, target = command.agent, command.kind, command.target
    number_ref: str | None = None
    trunks: tuple[int, ...] = ()
    if kind not in ("agent", "queue", "number"):
        raise Refused("unknown_transfer")
    if kind == "agent" and target == agent:
        raise Refused("transfer_to_self")
    if kind == "number":
        number, _ = outbound.check_number(board, session.tenant, agent, command.number or "")
        outbound.check_hops(board, session)
        trunks = tuple(trunk.id for trunk in outbound.choose_trunks(session.tenant))
        number_ref, target = session.know(board.new_id(), number), None
        outbound.count_dialled(board, session.tenant, agent)
    asked = inputs.TransferAsked if isinstance(command, c.Transfer) else inputs.ConsultAsked
    note_ref = keep_note(board, session, command.note)
    return asked(agent, kind, target, number_ref, trunks, note_ref)


def keep_note(board: Switchboard, session: InteractionSession, note: str | None) -> str | None:
    text = (note or "").strip()
    if not text:
        return None
    if len(text) > MAX_NOTE_CHARACTERS:
        raise Refused("note_too_long", limit=str(MAX_NOTE_CHARACTERS))
    return session.know(board.new_id(), text, kind="text")
