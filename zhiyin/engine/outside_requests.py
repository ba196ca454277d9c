"""What flows ask outside, carried out beside their calls: each request is a task of its own that ends with its contact
and with its time; so many of a company's at once, and the others wait their turn within their time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from zhiyin.contracts.commands import TryExternalService
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.calls.effects import AskOutside
from zhiyin.domain.calls.inputs import OutsideTold
from zhiyin.domain.flows.answers import WrongAnswer, judge_payment, values_at, values_of_row
from zhiyin.domain.flows.filling import CannotFill, fill_body, read_body
from zhiyin.domain.flows.requests import (
    FAILED,
    FOUND,
    MISSING,
    SEVERAL,
    CustomerRequest,
    DatabaseRequest,
    HttpRequest,
    PaymentRequest,
    Request,
    SynthesisRequest,
)
from zhiyin.engine import metrics
from zhiyin.engine.log_port import LogAway
from zhiyin.engine.outside_port import HttpAnswer, HttpCall, NoOutside, OutsideFailed, OutsideWorld

if TYPE_CHECKING:
    from zhiyin.engine.company import Company
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: So many requests of one company are under way at once.
AT_ONCE = 20
#: So many at once in its own records, which live calls need too.
LOOK_UPS_AT_ONCE = 2
KEY_HEADER = "Idempotency-Key"
#: How long a person waits who tries a service.
REHEARSE_S = 10.0
#: What is asked where only whether a database answers is to be known.
ANSWERS = "SELECT 1 AS answer"
_MISSING_STATUS = (404, 410)
_Told = tuple[str, dict[str, str], str]


class OutsideRequests:
    """Owns the requests under way. ``world`` is where they go."""

    def __init__(self, board: Switchboard) -> None:
        self.world: OutsideWorld = NoOutside()
        self._board = board
        self._tasks: dict[str, set[asyncio.Task[None]]] = {}
        self._turns: dict[int, asyncio.Semaphore] = {}
        self._look_ups = asyncio.Semaphore(LOOK_UPS_AT_ONCE)

    def begin(self, session: InteractionSession, effect: AskOutside) -> None:
        """Carry it out, and tell the contact."""
        task = self._board.run(self._carry_out(session, effect))
        tasks = self._tasks.setdefault(session.id, set())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def end(self, interaction: str) -> None:
        """The contact is over: nobody waits for an answer."""
        for task in self._tasks.pop(interaction, ()):
            task.cancel()

    async def _carry_out(self, session: InteractionSession, effect: AskOutside) -> None:
        request, number = effect.request, session.personal.get(session.call.customer_ref or "", "")
        try:
            async with asyncio.timeout(effect.timeout_s):
                if isinstance(request, SynthesisRequest):
                    told = await self._board.spoken.tell(
                        session.tenant, session.id, request, world=self.world, within_s=effect.timeout_s
                    )
                else:
                    told = await self.ask(
                        session.tenant, request, number=number, key=effect.key, within_s=effect.timeout_s
                    )
        except TimeoutError:
            metrics.OUTSIDE_REQUESTS.labels(request.kind, "late").inc()
            return  # the contact's own timer tells it
        outcome, values, cause = told
        metrics.OUTSIDE_REQUESTS.labels(request.kind, outcome).inc()
        log.info("asked_outside", interaction=session.id, kind=request.kind, outcome=outcome, cause=cause)
        session.post(OutsideTold(effect.ask, outcome, values, cause))

    async def rehearse(self, tenant: Tenant, command: TryExternalService) -> tuple[str, str]:
        """Return what comes of asking a service now, and why it failed."""
        key = f"try-{self._board.new_id()}"
        request: Request = HttpRequest(command.service, "GET", command.path)
        if command.kind == "database":
            request = DatabaseRequest(f"{command.service}/{command.statement}")
        try:
            async with asyncio.timeout(REHEARSE_S):
                outcome, _, cause = await self.ask(tenant, request, number="", key=key, within_s=REHEARSE_S)
        except TimeoutError:
            return FAILED, "late"
        return outcome, cause

    async def ask(self, tenant: Tenant, request: Request, *, number: str, key: str, within_s: float) -> _Told:
        """Return the outcome, the values, and why it failed; ``number`` is the caller's. Raises ``TimeoutError``."""
        turns = self._turns.setdefault(tenant.id, asyncio.Semaphore(AT_ONCE))
        try:
            async with turns:
                return await self._ask(tenant, request, number, key, within_s)
        except OutsideFailed as failed:
            return FAILED, {}, failed.cause
        except (WrongAnswer, CannotFill) as wrong:
            return FAILED, {}, wrong.code
        except TimeoutError:
            raise
        except Exception as error:  # a caller must not stand still for it; its words may hold what must not be told
            log.error("outside_request_broke", tenant=tenant.id, kind=request.kind, why=type(error).__name__)
            return FAILED, {}, "broken"

    async def _ask(self, tenant: Tenant, request: Request, number: str, key: str, within_s: float) -> _Told:
        match request:
            case CustomerRequest():
                return await self._look_up(tenant, request, number)
            case HttpRequest():
                return await self._call(tenant.company, request, key, within_s)
            case DatabaseRequest():
                return await self._query(tenant.company, request, within_s)
            case PaymentRequest():
                return await self._pay(tenant.company, request, key, within_s)
            case SynthesisRequest():
                raise OutsideFailed("unknown_service")  # a sound belongs to a contact, and is made for it alone

    async def _look_up(self, tenant: Tenant, request: CustomerRequest, number: str) -> _Told:
        records, value = self._board.records, request.value or number
        if request.by == "number":
            try:
                value = normalise_number(value, tenant.company.settings.region)
            except BadNumber:
                return MISSING, {}, ""
        if not value:
            return MISSING, {}, ""
        if records is None or self._board.journal.is_spooling:
            raise OutsideFailed("records_away")
        try:
            async with self._look_ups:
                found = await records.find_customers(tenant.id, request.by, value, sorted(set(request.fields.values())))
        except LogAway as error:
            raise OutsideFailed("records_away") from error
        if not found:
            return MISSING, {}, ""
        if len(found) > 1:
            return SEVERAL, {}, ""
        return FOUND, {name: found[0].get(field, "") for name, field in request.fields.items()}, ""

    async def _call(self, company: Company, request: HttpRequest, key: str, within_s: float) -> _Told:
        service = next((each for each in company.settings.external.http if each.id == request.service), None)
        if service is None:
            raise OutsideFailed("unknown_service")
        headers = {**service.headers, **request.headers, KEY_HEADER: key}
        if service.secret_header:
            headers[service.secret_header] = service.secret
        body = request.body.encode()
        if body:
            headers["Content-Type"] = "application/json"
        url = service.base_url.rstrip("/") + request.path
        answer = await self.world.call(
            HttpCall(request.method, url, headers, body), company=company.settings.tenant, within_s=within_s
        )
        if answer.status in _MISSING_STATUS:
            return MISSING, {}, ""
        if not 200 <= answer.status < 300:
            raise OutsideFailed(f"http_{answer.status}")
        if not request.values:
            return FOUND, {}, ""
        return FOUND, values_at(_json(answer), request.values), ""

    async def _query(self, company: Company, request: DatabaseRequest, within_s: float) -> _Told:
        external = company.settings.external
        source, _, code = request.statement.partition("/")
        statement = next((each for each in external.statements if each.key == request.statement), None)
        database = next((each for each in external.databases if str(each.id) == source), None)
        if database is None or (code and statement is None):
            raise OutsideFailed("unknown_service")
        query = statement.query if statement is not None else ANSWERS
        row = await self.world.query(
            database, query, request.parameters, company=company.settings.tenant, within_s=within_s
        )
        if row is None:
            return MISSING, {}, ""
        return FOUND, values_of_row(row, request.values), ""

    async def _pay(self, company: Company, request: PaymentRequest, key: str, within_s: float) -> _Told:
        service = next((each for each in company.settings.external.payments if each.id == request.service), None)
        if service is None:
            raise OutsideFailed("unknown_service")
        given = {"amount": request.amount, "card": request.card, "expiry": request.expiry, "code": request.code}
        body = msgspec.json.encode(fill_body(read_body(service.body), {**given, "key": key}))
        headers = {KEY_HEADER: key, "Content-Type": "application/json"}
        if service.secret_header:
            headers[service.secret_header] = service.secret
        url = service.base_url.rstrip("/") + service.path
        answer = await self.world.call(
            HttpCall("POST", url, headers, body), company=company.settings.tenant, within_s=within_s
        )
        if answer.status >= 500 or 300 <= answer.status < 400:
            raise OutsideFailed(f"http_{answer.status}")
        outcome, reference = judge_payment(
            _json(answer),
            status_pointer=service.status_pointer,
            paid=service.paid,
            refused=service.refused,
            reference_pointer=service.reference_pointer,
            secrets=(request.card, request.code),
        )
        return outcome, {"payment_reference": reference} if reference else {}, ""


def _json(answer: HttpAnswer) -> Any:
    media = answer.content_type.partition(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        raise OutsideFailed("not_json")
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OutsideFailed("not_json") from error
