"""One company's settings, made ready for decisions. Replaced whole when settings change; flow versions are kept,
so that a call ends on the version it began with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import structlog

from zhiyin.contracts import routing_rules
from zhiyin.contracts.entry_rules import entry_rules_of
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.contracts.queue_rules import queue_rule_of, wrap_up_of
from zhiyin.contracts.snapshots import AgentSetting, QueueSetting, TenantSettings, TrunkSetting
from zhiyin.contracts.trial_rules import TrialRules, read_trial
from zhiyin.domain.admission_shares import vip_key
from zhiyin.domain.business_hours import Hours, is_open, opens_at
from zhiyin.domain.dialing.destinations import DestinationRule
from zhiyin.domain.dialing.lists import ListCode, Listing, lists_at
from zhiyin.domain.dialing.spending import DailyCaps
from zhiyin.domain.flows.entries import EntryCall, EntryChoice, EntryRule, choose_flow
from zhiyin.domain.flows.graph import BadFlow, Flow, read_flow
from zhiyin.domain.flows.surveys import SurveyRule
from zhiyin.domain.rests import RestRule
from zhiyin.domain.routing.classes import ClassRule, PreferredAgent
from zhiyin.domain.routing.policy import Membership, Policy
from zhiyin.domain.routing.queues import OutboundRule, QueueRule
from zhiyin.engine import agent_rules
from zhiyin.engine.trial_rules import with_arms

log = structlog.get_logger(__name__)

FlowKey = tuple[int, int]
#: No number outside that a telephone can mean by as many digits, short ones of services apart.
LONGEST_EXTENSION = 6
_LISTS = frozenset(ListCode)


@dataclass(slots=True)
class Company:
    """Read-only for everybody but ``replace``."""

    settings: TenantSettings
    queues: dict[int, QueueRule] = field(default_factory=dict)
    queue_settings: dict[int, QueueSetting] = field(default_factory=dict)
    queues_by_agent: dict[int, list[int]] = field(default_factory=dict)
    #: the teams of those who serve each queue
    teams_of_queue: dict[int, tuple[int, ...]] = field(default_factory=dict)
    agents: dict[int, AgentSetting] = field(default_factory=dict)
    trunks: dict[int, TrunkSetting] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  # canonical number -> flow
    #: by what the dialplan knows the VIP entry numbers
    vip_keys: frozenset[str] = frozenset()
    #: in the order of trying, those alone whose flow is published
    entry_rules: tuple[EntryRule, ...] = ()
    flows: dict[FlowKey, Flow] = field(default_factory=dict)
    newest_flow: dict[int, int] = field(default_factory=dict)
    flows_know_callers: bool = False
    hours: dict[int, Hours] = field(default_factory=dict)
    #: of those that have their own
    hours_zones: dict[int, ZoneInfo] = field(default_factory=dict)
    prompts: dict[str, Mapping[str, str]] = field(default_factory=dict)
    #: how each agent serves each of its queues
    memberships: Mapping[int, tuple[Membership, ...]] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    #: changed rules on trial; the arms of a canary stand in ``policy`` and ``memberships`` too
    trial: TrialRules | None = None
    rest_rule: RestRule = field(default_factory=RestRule)
    classes: tuple[ClassRule, ...] = ()
    hard_classes: frozenset[str] = frozenset()
    listed: dict[str, list[Listing]] = field(default_factory=dict)
    outbound: OutboundRule = field(default_factory=OutboundRule)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    #: the day asked for last: from and until when, and its begin on the company's clock
    _day: tuple[datetime, datetime, datetime] | None = None

    @property
    def tenant(self) -> int:
        return self.settings.tenant

    @property
    def destinations(self) -> DestinationRule:
        outbound = self.settings.outbound
        return DestinationRule(outbound.allowed_prefixes, outbound.denied_prefixes)

    @property
    def daily_caps(self) -> DailyCaps:
        outbound = self.settings.outbound
        return DailyCaps(
            outbound.max_minutes_per_day,
            outbound.max_international_minutes_per_day,
            outbound.max_premium_minutes_per_day,
        )

    def flow_of(self, number: str) -> FlowKey | None:
        """Return the published flow of one of the company's numbers (canonical)."""
        flow = self.numbers.get(number)
        if flow is None or flow not in self.newest_flow:
            return None
        return flow, self.newest_flow[flow]

    def entry_of(self, call: EntryCall, *, default: int) -> tuple[EntryChoice, FlowKey]:
        """Return which rule decides by which flow a caller is served; ``default``: the published flow of the number."""
        choice = choose_flow(self.entry_rules, call, default=default)
        return choice, (choice.flow, self.newest_flow[choice.flow])

    def is_open_now(self, hours: int, now: datetime) -> bool | None:
        """Return whether these hours are open at ``now``; None for unknown hours."""
        return self.is_open(hours, now) if hours in self.hours else None

    def survey_of(self, queue: int) -> SurveyRule | None:
        """Return how this queue's customers are asked; None: they are not, or its flow is not published."""
        survey = self.queue_settings[queue].survey if queue in self.queue_settings else None
        if survey is None or survey.flow not in self.newest_flow:
            return None
        version = self.newest_flow[survey.flow]
        flow = self.flows[survey.flow, version]
        return SurveyRule(survey.flow, version, flow, survey.share_pct, survey.agents_invite, survey.spare_days)

    def is_open(self, hours: int, now: datetime) -> bool:
        """Return whether these hours are open at ``now``. Raises ``KeyError`` for unknown hours."""
        return is_open(self.hours[hours], now.astimezone(self.zone_of(hours)))

    def zone_of(self, hours: int) -> ZoneInfo:
        """Return on whose clock these hours are."""
        return self.hours_zones.get(hours, self.zone)

    def opens_at(self, hours: int, now: datetime) -> datetime | None:
        """Return the first instant from ``now`` at which these hours are open; None for never, or unknown hours."""
        known = self.hours.get(hours)
        local = opens_at(known, now.astimezone(self.zone_of(hours))) if known is not None else None
        return local.astimezone(UTC) if local is not None else None

    def day_began_at(self, now: datetime) -> datetime:
        """Return the instant at which the company's day of ``now`` began."""
        if self._day is None or not self._day[0] <= now < self._day[1]:
            began, ends = self._midnight(now), self.day_ends_at(now)
            self._day = began.astimezone(UTC), ends.astimezone(UTC), began
        return self._day[2]

    def day_ends_at(self, now: datetime) -> datetime:
        return self._midnight(self._midnight(now) + timedelta(hours=30))

    def _midnight(self, now: datetime) -> datetime:
        return now.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def lists_of(self, number: str, now: datetime) -> frozenset[ListCode]:
        """Return the company's lists on which a canonical number stands now."""
        return lists_at(self.listed.get(number, ()), now)

    @property
    def knows_callers(self) -> bool:
        """Return whether any rule, or any flow, asks what the company's records say of a caller."""
        if self.flows_know_callers:
            return True
        is_kept = any(rule.preference.who is not PreferredAgent.NOBODY for rule in self.queues.values())
        if any(rule.customer_classes for rule in self.entry_rules):
            return True
        return is_kept or any(rule.customer_classes for rule in self.classes)

    def queues_of(self, agent: int) -> list[int]:
        return self.queues_by_agent.get(agent, [])

    def asked_by(self, queue: int) -> set[int]:
        """Return the queues whose agents this one asks sooner or later; none for an unknown one."""
        rule = self.queues.get(queue)
        if rule is None:
            return set()
        return {queue, *(added for ring in rule.rings for added in ring.add_queues if added in self.queues)}

    def asking(self, agent: int) -> list[int]:
        """Return the queues that ask this agent sooner or later."""
        mine = set(self.queues_of(agent))
        return [queue for queue in self.queues if mine & self.asked_by(queue)]

    def agent_by_extension(self, dialled: str) -> int | None:
        """Return the agent a colleague's telephone means by these digits: an extension, or an agent's user name.

        Longer names are not meant: they may be somebody's own number outside.
        """
        if not dialled or len(dialled) > LONGEST_EXTENSION:
            return None
        for sip in self.settings.sip_accounts:
            if sip.agent is not None and sip.extension == dialled:
                return sip.agent
        named = (agent.id for agent in self.agents.values() if agent.username == dialled)
        return next(named, None)

    def inside(self, dialled: str) -> tuple[str, int] | None:
        """Return what these digits mean inside the company: ("agent", id) or ("queue", id); None for neither."""
        queue = next((q.id for q in self.settings.queues if q.extension and q.extension == dialled), None)
        if queue is not None:
            return "queue", queue
        agent = self.agent_by_extension(dialled)
        return ("agent", agent) if agent is not None else None

    def extension_of(self, agent: int) -> str:
        """Return what colleagues dial for this agent; "" where nothing is agreed."""
        of_telephone = next((sip.extension for sip in self.settings.sip_accounts if sip.agent == agent), "")
        named = self.agents[agent].username if agent in self.agents else ""
        return of_telephone or (named if len(named) <= LONGEST_EXTENSION else "")

    def agent_by_account(self, account: str) -> int | None:
        """Return the agent whose SIP telephone registers as ``account``."""
        for sip in self.settings.sip_accounts:
            if sip.name == account:
                return sip.agent
        return None


def read_company(settings: TenantSettings, before: Company | None = None) -> Company:
    """Return the company of new settings; a flow that cannot be read keeps its last good version, and is logged."""
    company = Company(settings)
    company.zone = _zone(settings, settings.time_zone) or company.zone
    if before is not None:
        company.flows = dict(before.flows)
        company.newest_flow = dict(before.newest_flow)
    company.agents = {agent.id: agent for agent in settings.agents}
    for queue in settings.queues:
        company.queue_settings[queue.id] = queue
        company.queues[queue.id] = queue_rule_of(queue)
        for member in queue.members:
            company.queues_by_agent.setdefault(member, []).append(queue.id)
        served_by = (company.agents[member].team for member in queue.members if member in company.agents)
        company.teams_of_queue[queue.id] = tuple(sorted({team for team in served_by if team is not None}))
    for flow in settings.flows:
        try:
            company.flows[flow.id, flow.version] = read_flow(msgspec.json.decode(flow.graph))
        except (BadFlow, msgspec.MsgspecError) as error:
            log.error("flow_unreadable", tenant=settings.tenant, flow=flow.id, version=flow.version, why=str(error))
        else:
            company.newest_flow[flow.id] = flow.version
    company.entry_rules = tuple(rule for rule in entry_rules_of(settings) if rule.flow in company.newest_flow)
    company.flows_know_callers = any("caller_class" in flow.kinds.values() for flow in company.flows.values())
    company.vip_keys = frozenset(vip_key(number.number) for number in settings.numbers if number.is_vip)
    for number in settings.numbers:
        try:
            company.numbers[normalise_number(number.number, settings.region)] = number.flow
        except BadNumber:
            log.error("number_unreadable", tenant=settings.tenant)
    company.trunks = {trunk.id: trunk for trunk in settings.trunks}
    company.memberships = routing_rules.memberships_of(settings)
    company.policy = routing_rules.policy_of(settings)
    company.trial = read_trial(settings)
    if company.trial is not None:
        company.policy, company.memberships = with_arms(company.policy, company.memberships, company.trial)
    company.rest_rule = agent_rules.rest_rule_of(settings)
    outbound = settings.outbound
    company.outbound = OutboundRule(wrap_up_of(outbound), outbound.is_recorded, outbound.is_internal_recorded)
    company.classes = routing_rules.class_rules_of(settings)
    company.hard_classes = routing_rules.hard_classes_of(settings)
    company.hours = {hours.id: Hours(hours.weekly, hours.dates) for hours in settings.hours}
    zones = {hours.id: _zone(settings, hours.time_zone) for hours in settings.hours if hours.time_zone}
    company.hours_zones = {hours: zone for hours, zone in zones.items() if zone is not None}
    for listed in settings.listed:
        if listed.list in _LISTS:  # a newer web may know more of them
            company.listed.setdefault(listed.number, []).append(Listing(ListCode(listed.list), listed.until))
    company.prompts = {prompt.key: prompt.files for prompt in settings.prompts}
    return company


def _zone(settings: TenantSettings, name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        log.error("unknown_time_zone", tenant=settings.tenant, zone=name)
        return None
