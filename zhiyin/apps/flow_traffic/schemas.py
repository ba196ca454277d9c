"""What HTTP says of flows' traffic: schemas, and the columns of exported files."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from zhiyin.apps.rest.schemas import Instant, ListIn, Page


class CountsOut(Schema):
    """What came of the stays at nodes that began in the time asked for, as ``domain/metrics/flow_traffic.py`` says.

    ``still_there``: of those not over. ``average_stay_s``: of those that are.
    """

    came: int
    entered: int
    left: int
    served: int
    gave_up: int
    faults: int
    ended: int
    failed_requests: int
    still_there: int
    gave_up_pct: float | None
    average_stay_s: float | None


class NodeTrafficOut(CountsOut):
    """A node: ``kind_name`` is what its kind is called; "a/b" is the node b of the sub-flow at a."""

    flow: int
    flow_name: str
    node: str
    kind: str
    kind_name: str
    kind_name_en: str


class NodeTrafficPage(Page[NodeTrafficOut]):
    pass


class DaysIn(ListIn):
    """Days of the company's clock, 92 at most, both ends included; today's while nothing is said.

    ``flow``: what happened in it, called by itself or used by another flow; its steps are named as it names them.
    """

    flow: int | None = None
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")


class NodeTrafficIn(DaysIn):
    """``search``: in the node's name or its kind's. Without ``version`` all versions are added up."""

    version: int | None = None


class WayTrafficIn(NodeTrafficIn):
    """``search``: in the way. ``node``: of this node alone."""

    node: str = Field(default="", max_length=400)


class WayTrafficOut(Schema):
    """``end``: "left" (``way`` is the exit), "served" ("answered", "message", "callback"), "gave_up", "fault", or
    "ended" (``way`` is the reason). ``share_pct``: of all stays at the node that are over."""

    flow: int
    flow_name: str
    node: str
    kind: str
    kind_name: str
    kind_name_en: str
    end: str
    way: str
    #: what an exit is called that every node of its kind has; "" for others
    way_name: str
    way_name_en: str
    times: int
    share_pct: float | None


class WayTrafficPage(Page[WayTrafficOut]):
    pass


class HourTrafficIn(DaysIn):
    """``search``: in the flow's name. ``by``: each hour, each day, or an hour of all days together."""

    by: Literal["hour", "day", "hour_of_day"] = "hour"


class HourTrafficOut(CountsOut):
    """A flow's hour or day: ``starts_at``, or ``hour`` of 0 to 23 of all days together."""

    flow: int
    flow_name: str
    starts_at: datetime | None
    hour: int | None


class HourTrafficPage(Page[HourTrafficOut]):
    pass


class FlowFailureIn(ListIn):
    """The last hour's, while nothing is said. ``what``: "step", or a kind of request: "http", "database", ..."""

    flow: int | None = None
    what: str = Field(default="", max_length=20)
    service: int | None = None
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")


class FlowFailureOut(Schema):
    """``outcome``: of a request "failed" or "late"; of a step "caught" by the flow's handler of errors, or "uncaught":
    the call was ended with an apology."""

    id: int
    interaction: str
    flow: int
    flow_name: str
    version: int
    node: str
    kind: str
    kind_name: str
    kind_name_en: str
    failed_at: datetime
    what: str
    outcome: str
    cause: str
    #: the external service that was asked, where it was one and is there still
    service: int | None
    service_name: str


class FlowFailurePage(Page[FlowFailureOut]):
    pass


class CountersIn(Schema):
    """As in the lists; without ``version`` all versions together."""

    version: int | None = None
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")


class TrafficFlowOut(Schema):
    id: int
    name: str
    version: int


class TrafficTrunkOut(Schema):
    id: int
    name: str


class TrafficKindOut(Schema):
    kind: str
    name: str
    name_en: str


class TrafficServiceOut(Schema):
    id: int
    name: str


class TrafficFlowsOut(Schema):
    """Flows to choose from, what the trunks are called by which callers come, what kinds of node are, and the external
    services that flows may ask."""

    items: list[TrafficFlowOut]
    trunks: list[TrafficTrunkOut]
    kinds: list[TrafficKindOut]
    services: list[TrafficServiceOut]


class NodeCountersOut(Schema):
    """What is written on a step of the canvas; what happened within a sub-flow counts at the step that uses it."""

    node: str
    entered: int
    left: int
    served: int
    gave_up: int
    faults: int
    ended: int
    failed_requests: int
    still_there: int
    average_stay_s: float | None


class CameByOut(Schema):
    """How often a call to ``flow`` came into the flow asked for: to itself, or to one that uses it."""

    flow: int
    flow_name: str
    came: int


class FlowCountersOut(Schema):
    """``since`` up to ``until``. ``versions``: those with traffic in that time. ``came_by``: the most first."""

    since: datetime
    until: datetime
    versions: list[int]
    nodes: list[NodeCountersOut]
    came_by: list[CameByOut]


class StepNowOut(Schema):
    """How many callers are at a step now, and since when the one who has been there longest."""

    flow: int
    flow_name: str
    node: str
    kind: str
    kind_name: str
    kind_name_en: str
    callers: int
    since: datetime


class StepsNowOut(Schema):
    items: list[StepNowOut]


class DeviceOut(Schema):
    """A telephone node (an Asterisk; ``name`` "" where there is but one) or a trunk, and how it stands with it.

    ``state``: "works", "unproven" (nobody can tell), "draining" (takes no new calls), "failing", "away", "off" or
    "unseen": since ``unseen_since`` the node cannot be reached, and its ``contacts``, of this company, are let go on
    until ``lost_at``. ``reason``: the code of what is wrong with a trunk. ``seen_at``: when that was seen, where it is
    not of now.
    """

    kind: Literal["telephone_node", "trunk"]
    id: int | None
    name: str
    state: Literal["works", "unproven", "draining", "failing", "away", "off", "unseen"]
    reason: str
    seen_at: datetime | None
    unseen_since: datetime | None
    lost_at: datetime | None
    contacts: int


class DevicesOut(Schema):
    items: list[DeviceOut]


_COUNT_COLUMNS = {
    "entered": ("进入", "Entered"),
    "left": ("离开", "Left"),
    "served": ("已服务", "Served"),
    "gave_up": ("放弃", "Gave up"),
    "gave_up_pct": ("放弃率（%）", "Gave up (%)"),
    "faults": ("步骤出错", "Step failed"),
    "failed_requests": ("查询失败", "Requests failed"),
    "ended": ("流程结束", "Ended by the flow"),
    "still_there": ("停留中", "Still there"),
    "average_stay_s": ("平均停留（秒）", "Average stay (s)"),
}
_NODE_COLUMNS = {
    "flow_name": ("流程", "Flow"),
    "node": ("步骤", "Step"),
    "kind_name": ("步骤类型（中文）", "Kind (Chinese)"),
    "kind_name_en": ("步骤类型（英文）", "Kind (English)"),
}
NODE_COLUMNS = _NODE_COLUMNS | _COUNT_COLUMNS
WAY_COLUMNS = _NODE_COLUMNS | {
    "end": ("结果", "Outcome"),
    "way": ("出口或原因", "Exit or reason"),
    "times": ("次数", "Times"),
    "share_pct": ("占比（%）", "Share (%)"),
}
HOUR_COLUMNS = {
    "flow_name": ("流程", "Flow"),
    "starts_at": ("开始时间", "From"),
    "hour": ("时段（点）", "Hour of the day"),
    "came": ("进线", "Came"),
} | {name: words for name, words in _COUNT_COLUMNS.items() if name not in ("entered", "left")}
FAILURE_COLUMNS = {
    "failed_at": ("时间", "At"),
    **_NODE_COLUMNS,
    "what": ("内容", "What"),
    "service_name": ("外部服务", "External service"),
    "outcome": ("结果", "Outcome"),
    "cause": ("原因", "Cause"),
    "interaction": ("联络编号", "Contact"),
}
