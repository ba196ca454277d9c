"""The HTTP API: its routers, and the one place where errors become answers."""

import re
from functools import cache
from typing import Any

import structlog
from django.apps import apps
from django.db import IntegrityError, InterfaceError, OperationalError, models, transaction
from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer

from zhiyin.apps.accounts.absences_api import router as absences_router
from zhiyin.apps.accounts.api import router as users_router
from zhiyin.apps.accounts.api import session_router
from zhiyin.apps.accounts.org_api import router as organisation_router
from zhiyin.apps.accounts.roles_api import router as roles_router
from zhiyin.apps.accounts.viewing_api import router as viewing_router
from zhiyin.apps.announcements.api import router as notices_router
from zhiyin.apps.announcements.bulletin_api import router as bulletin_router
from zhiyin.apps.announcements.forum_api import router as forum_router
from zhiyin.apps.assistance.api import (
    checklists_router,
    contact_router,
    preferences_router,
    recommendations_router,
    replies_router,
)
from zhiyin.apps.audit.api import router as audit_router
from zhiyin.apps.channels.api import numbers_router, outbound_router, telephones_router, trunks_router
from zhiyin.apps.channels.bans_api import router as bans_router
from zhiyin.apps.channels.public_api import router as public_router
from zhiyin.apps.customers.api import router as customers_router
from zhiyin.apps.customers.attached_api import products_router, tags_router
from zhiyin.apps.customers.attached_api import router as attached_router
from zhiyin.apps.customers.duplicates_api import merges_router
from zhiyin.apps.customers.duplicates_api import router as duplicates_router
from zhiyin.apps.customers.keeping_api import classes_router
from zhiyin.apps.customers.keeping_api import router as keeping_router
from zhiyin.apps.customers.lists.api import router as lists_router
from zhiyin.apps.entries.api import router as entries_router
from zhiyin.apps.exchange.api import router as imports_router
from zhiyin.apps.exchange.exports_api import policy_router as export_policy_router
from zhiyin.apps.exchange.exports_api import router as exports_router
from zhiyin.apps.exchange.plans.api import router as file_plans_router
from zhiyin.apps.external_services.api import messages_router as flow_messages_router
from zhiyin.apps.external_services.api import router as external_services_router
from zhiyin.apps.external_services.speech_api import router as speech_router
from zhiyin.apps.fields.api import router as fields_router
from zhiyin.apps.fields.layouts_api import router as layouts_router
from zhiyin.apps.flow_traffic.api import router as flow_traffic_router
from zhiyin.apps.flows.api import router as flows_router
from zhiyin.apps.flows.editing_api import editing_router
from zhiyin.apps.flows.hours_api import hours_router
from zhiyin.apps.flows.prompts_api import prompts_router
from zhiyin.apps.flows.tests_api import flow_tests_router
from zhiyin.apps.flows.trial_calls_api import trial_calls_router
from zhiyin.apps.flows.trials_api import flow_trials_router
from zhiyin.apps.followups.api import colleagues_router, notes_router
from zhiyin.apps.followups.api import router as followups_router
from zhiyin.apps.followups.care_api import router as care_router
from zhiyin.apps.integrations.api import router as keys_router
from zhiyin.apps.integrations.connectors.api import router as connectors_router
from zhiyin.apps.integrations.embedding_api import router as embedding_router
from zhiyin.apps.integrations.events_api import router as events_router
from zhiyin.apps.integrations.inbound_api import router as inbound_router
from zhiyin.apps.integrations.screen_pop_api import contact_router as contact_screen_router
from zhiyin.apps.integrations.screen_pop_api import router as screen_pop_router
from zhiyin.apps.integrations.webhooks_api import router as webhooks_router
from zhiyin.apps.interactions.api import dial_router, last_contacts_router
from zhiyin.apps.interactions.api import router as interactions_router
from zhiyin.apps.interactions.bookings_api import router as bookings_router
from zhiyin.apps.interactions.deferred_api import router as callbacks_router
from zhiyin.apps.monitoring.api import router as figures_router
from zhiyin.apps.monitoring.interfaces_api import router as interfaces_router
from zhiyin.apps.monitoring.rests_api import router as rest_figures_router
from zhiyin.apps.notifications.api import router as notifications_router
from zhiyin.apps.privacy.api import customer_router as person_router
from zhiyin.apps.privacy.api import policy_router as privacy_policy_router
from zhiyin.apps.privacy.api import router as erasures_router
from zhiyin.apps.queues.api import dispositions_router, reasons_router
from zhiyin.apps.queues.api import router as queues_router
from zhiyin.apps.recordings.api import router as recordings_router
from zhiyin.apps.recordings.retention_api import contact_holds_router, holds_router, retention_router
from zhiyin.apps.refusals import (
    Conflict,
    Invalid,
    Malformed,
    NotAllowed,
    NotFound,
    NotLoggedIn,
    PartAway,
    Refusal,
    TooMany,
)
from zhiyin.apps.routing.api import router as routing_router
from zhiyin.apps.routing.contact_tests_api import router as contact_tests_router
from zhiyin.apps.routing.loans import router as loans_router
from zhiyin.apps.routing.rehearsals import router as rehearsals_router
from zhiyin.apps.routing.rests_api import router as rests_router
from zhiyin.apps.setup.api import company_router
from zhiyin.apps.setup.api import router as setup_router
from zhiyin.apps.signin.admin_api import policy_router
from zhiyin.apps.signin.admin_api import users_router as sign_in_users_router
from zhiyin.apps.signin.api import router as signin_router
from zhiyin.apps.signin.own_api import router as own_router
from zhiyin.apps.signin.providers_api import router as providers_router
from zhiyin.apps.signin.sso_api import router as sso_router
from zhiyin.apps.surveys.api import router as surveys_router
from zhiyin.apps.timeline.api import router as timeline_router
from zhiyin.apps.trials.api import router as trials_router
from zhiyin.apps.views.api import router as views_router
from zhiyin.config.api_description import PROBLEM_TYPE, DescribedAPI
from zhiyin.config.api_text import StrictParser

log = structlog.get_logger(__name__)


class Utf8Renderer(JSONRenderer):
    """Chinese as itself, not as escapes: half the bytes."""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}  # noqa: RUF012 - the base class's own form


api = DescribedAPI(
    title="Zhiyin",
    version="1",
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
    renderer=Utf8Renderer(),
    parser=StrictParser(),
)

api.add_router("", session_router)
api.add_router("", viewing_router)
api.add_router("", signin_router)
api.add_router("/me", own_router)
api.add_router("/users", users_router)
api.add_router("/users", sign_in_users_router)
api.add_router("/sign-in", policy_router)
api.add_router("/sign-in/providers", providers_router)
api.add_router("/sign-in", sso_router)
api.add_router("/organisation", organisation_router)
api.add_router("/roles", roles_router)
api.add_router("/absences", absences_router)
api.add_router("/queues", queues_router)
api.add_router("/queues", rehearsals_router)
api.add_router("/routing/loans", loans_router)
api.add_router("/routing/test-contacts", contact_tests_router)
api.add_router("/reasons", reasons_router)
api.add_router("/dispositions", dispositions_router)
api.add_router("/numbers", numbers_router)
api.add_router("/trunks", trunks_router)
api.add_router("/telephones", telephones_router)
api.add_router("/outbound", outbound_router)
api.add_router("/bans", bans_router)
api.add_router("/flows", flows_router)
api.add_router("/flows", flow_tests_router)
api.add_router("/flows", flow_trials_router)
api.add_router("/flows", trial_calls_router)
api.add_router("/flows", editing_router)
api.add_router("/hours", hours_router)
api.add_router("/prompts", prompts_router)
api.add_router("/customers", customers_router)
api.add_router("/customers", last_contacts_router)
api.add_router("/customers", timeline_router)
api.add_router("/customers", attached_router)
api.add_router("/customers", keeping_router)
api.add_router("/lists", lists_router)
api.add_router("/tags", tags_router)
api.add_router("/products", products_router)
api.add_router("/classes", classes_router)
api.add_router("/interactions", interactions_router)
api.add_router("/callbacks", callbacks_router)
api.add_router("", dial_router)
api.add_router("/checklists", checklists_router)
api.add_router("/recommendations", recommendations_router)
api.add_router("/quick-replies", replies_router)
api.add_router("/interactions", contact_router)
api.add_router("/session", preferences_router)
api.add_router("/recordings", recordings_router)
api.add_router("/recordings", holds_router)
api.add_router("/interactions", contact_holds_router)
api.add_router("/retention", retention_router)
api.add_router("/figures", figures_router)
api.add_router("/figures", rest_figures_router)
api.add_router("/surveys", surveys_router)
api.add_router("/flow-traffic", flow_traffic_router)
api.add_router("/external-services", external_services_router)
api.add_router("/speech", speech_router)
api.add_router("/flow-messages", flow_messages_router)
api.add_router("/interfaces", interfaces_router)
api.add_router("/audit", audit_router)
api.add_router("/keys", keys_router)
api.add_router("/webhooks", webhooks_router)
api.add_router("/connectors", connectors_router)
api.add_router("/screen-pop", screen_pop_router)
api.add_router("/embedding", embedding_router)
api.add_router("/interactions", contact_screen_router)
api.add_router("/events", events_router)
api.add_router("/inbound", inbound_router)
api.add_router("/setup", setup_router)
api.add_router("/company", company_router)
api.add_router("/duplicates", duplicates_router)
api.add_router("/merges", merges_router)
api.add_router("/imports", imports_router)
api.add_router("/exports", exports_router)
api.add_router("/file-plans", file_plans_router)
api.add_router("/customers", person_router)
api.add_router("/erasures", erasures_router)
api.add_router("/privacy-policy", privacy_policy_router)
api.add_router("/export-policy", export_policy_router)
api.add_router("/public", public_router)
api.add_router("/public", bookings_router)
api.add_router("/notifications", notifications_router)
api.add_router("/follow-ups", followups_router)
api.add_router("/care-rules", care_router)
api.add_router("/notices", notices_router)
api.add_router("/bulletins", bulletin_router)
api.add_router("/forum", forum_router)
api.add_router("/notes", notes_router)
api.add_router("/colleagues", colleagues_router)
api.add_router("/fields", fields_router)
api.add_router("/layouts", layouts_router)
api.add_router("/views", views_router)
api.add_router("/routing", routing_router)
api.add_router("/rule-trials", trials_router)
api.add_router("/entry-rules", entries_router)
api.add_router("/rests", rests_router)

_STATUSES: tuple[tuple[type[Refusal], int], ...] = (
    (NotLoggedIn, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Invalid, 400),
    (Malformed, 422),
    (Conflict, 409),
    (TooMany, 429),
    (PartAway, 503),
)


def problem(
    status: int, code: str, title: str, *, facts: dict[str, Any] | None = None, fields: dict[str, str] | None = None
) -> HttpResponse:
    """Return ``application/problem+json``."""
    body = {"code": code, "title": title, "facts": facts or {}, "fields": fields or {}}
    response = api.create_response(None, body, status=status)  # type: ignore[arg-type] # the request is not looked at
    response["Content-Type"] = PROBLEM_TYPE
    return response


def _undo() -> None:
    """What a refused request wrote is not kept."""
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)


@api.exception_handler(Refusal)
def refused(_request: HttpRequest, error: Refusal) -> HttpResponse:
    if not error.keeps_writes:
        _undo()
    status = next((number for kind, number in _STATUSES if isinstance(error, kind)), 400)
    response = problem(status, error.code, error.title, facts=error.facts, fields=error.fields)
    if "wait_s" in error.facts:
        response["Retry-After"] = str(error.facts["wait_s"])
    return response


@api.exception_handler(ValidationError)
def malformed(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: names each field by its path inside the body or the address."""
    _undo()
    fields = {_field_path(item["loc"]): str(item["type"]) for item in error.errors}
    return problem(422, "invalid", "Some fields need correction.", fields=fields)


def _field_path(location: tuple[Any, ...]) -> str:
    parts = [str(part) for part in location]
    if parts[:1] in (["body"], ["query"], ["path"], ["form"], ["file"]):
        parts = parts[1:]
    return ".".join(parts[1:] if len(parts) > 1 and parts[0] in ("body", "listing", "data") else parts)


@api.exception_handler(IntegrityError)
def violated(_request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """A named constraint said no: tell which field."""
    _undo()
    name = _constraint_name(error)
    constraint = _constraints().get(name or "")
    if constraint is None:
        log.error("constraint_violated", constraint=name)
        return problem(409, "conflict", "This contradicts something stored already. Reload and try again.")
    field = str(constraint.violation_error_code or "")
    if isinstance(constraint, models.UniqueConstraint):
        return problem(409, "taken", "This is taken already.", fields={field: "taken"} if field else {})
    return problem(409, "invalid", "Some fields contradict each other.", fields={field: "invalid"} if field else {})


def _constraint_name(error: IntegrityError) -> str | None:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None)


@cache
def _constraints() -> dict[str, models.BaseConstraint]:
    return {constraint.name: constraint for model in apps.get_models() for constraint in model._meta.constraints}


@api.exception_handler(models.ProtectedError)
def protected(_request: HttpRequest, error: models.ProtectedError) -> HttpResponse:
    """Other settings refer to what was to be removed."""
    _undo()
    users = sorted({str(row) for row in error.protected_objects})[:10]
    return problem(409, "in_use", f"Still used by: {', '.join(users)}. Change that first.", facts={"used_by": users})


@api.exception_handler(HttpError)
def http_refused(_request: HttpRequest, error: HttpError) -> HttpResponse:
    _undo()
    return problem(error.status_code, "bad_request", str(error))


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours. A database that went away is told by the middleware, which catches it where it ends."""
    _undo()
    if isinstance(error, OperationalError | InterfaceError):
        raise error
    route = re.sub(r"\d+", "#", request.path)
    log.exception("request_failed", method=request.method, route=route)
    return problem(500, "fault", "Something went wrong on our side. It has been written to the log.")


def no_such_route(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    return problem(404, "not_found", "There is nothing at this address.")


def not_understood(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    return problem(400, "bad_request", "This request cannot be understood.")


def broken_outside(_request: HttpRequest) -> HttpResponse:
    return problem(500, "fault", "Something went wrong on our side. It has been written to the log.")
