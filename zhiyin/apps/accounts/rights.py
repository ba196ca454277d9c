"""The catalogue of rights: codes that routes, tickets and the front end compare, their words, and the built-in roles.

A new right is a line here. The built-in roles follow this catalogue, so a right that is added reaches the companies
that are there; a role that a company made gets it when somebody grants it.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.contracts.rights import FORCE_AGENTS, INTERVENE, OVERRIDE_LISTS, PULL, READ_LIVE, SUPERVISE_CALLS
from zhiyin.domain.permissions import Access, Permissions, Scope

AGENT, LEAD, ADMINISTRATOR = "agent", "lead", "administrator"
OWN, TEAM, ALL = Scope.OWN, Scope.TEAM, Scope.ALL


@dataclass(frozen=True, slots=True)
class Right:
    """``agent`` and ``lead``: the scope in these built-in roles (``None``: not there); administrators have all.

    Without ``has_scopes`` a right holds everywhere or not at all.
    """

    code: str
    group: str
    zh: str
    en: str
    has_scopes: bool = False
    agent: Scope | None = None
    lead: Scope | None = None


CATALOGUE: tuple[Right, ...] = (
    Right("desk", "desk", "在工作台接听和拨打电话", "Take and make calls at the desk", agent=ALL, lead=ALL),
    Right("customers.read", "customers", "查看客户", "See customers", has_scopes=True, agent=ALL, lead=ALL),
    Right(
        "customers.write",
        "customers",
        "新建和修改客户",
        "Make and change customers",
        has_scopes=True,
        agent=ALL,
        lead=ALL,
    ),
    Right("numbers.clear", "customers", "查看完整号码(否则隐去中间位)", "See numbers in full (else masked)", lead=ALL),
    Right("lists.write", "customers", "维护红黑名单与免打扰名单", "Keep VIP, block and do-not-call lists", lead=ALL),
    Right(OVERRIDE_LISTS, "customers", "拨打名单上禁拨的号码", "Dial numbers that a list forbids", lead=ALL),
    Right("customers.assign", "customers", "分配客户", "Assign customers", lead=ALL),
    Right("customers.settings", "customers", "设置客户分级与公海", "Set classes and the public pool"),
    Right("customers.import", "customers", "导入客户", "Import customers", lead=ALL),
    Right("customers.export", "customers", "导出客户及其跟进、名单", "Export customers and what is theirs", lead=ALL),
    Right("customers.erase", "customers", "交付和删除个人数据", "Hand over and erase a person's data"),
    Right("customers.merge", "customers", "合并重复客户", "Merge duplicate customers", lead=ALL),
    Right(
        "followups.read",
        "customers",
        "查看他人的跟进与关怀任务(自己的总能看到)",
        "See others' follow-ups and care tasks (own ones always)",
        has_scopes=True,
        agent=OWN,
        lead=ALL,
    ),
    Right("care.manage", "customers", "管理客户关怀规则", "Manage care rules", lead=ALL),
    Right("interactions.read", "contacts", "查看联络记录", "See contacts", has_scopes=True, agent=OWN, lead=TEAM),
    Right("recordings.read", "contacts", "收听录音", "Listen to recordings", has_scopes=True, agent=OWN, lead=TEAM),
    Right(
        "callbacks.read",
        "contacts",
        "查看回呼与留言",
        "See callbacks and messages",
        has_scopes=True,
        agent=OWN,
        lead=TEAM,
    ),
    Right(
        "callbacks.manage",
        "contacts",
        "取消和改派回呼与留言",
        "Cancel and reassign callbacks and messages",
        has_scopes=True,
        lead=TEAM,
    ),
    Right("interactions.export", "contacts", "导出联络与录音列表", "Export contacts and recordings", lead=ALL),
    Right(READ_LIVE, "supervision", "查看实时监控", "See the live board", has_scopes=True, lead=TEAM),
    Right(
        SUPERVISE_CALLS,
        "supervision",
        "监听、强插、拦截和强拆",
        "Supervise calls",
        has_scopes=True,
        lead=TEAM,
    ),
    Right(FORCE_AGENTS, "supervision", "强制改变座席状态", "Force agents' states", has_scopes=True, lead=TEAM),
    Right(
        INTERVENE,
        "supervision",
        "干预排队:改派、调整优先级、指派座席、结束等待",
        "Intervene in waiting contacts",
        has_scopes=True,
        lead=TEAM,
    ),
    Right(PULL, "supervision", "抢接排队中的联络", "Take waiting contacts out of the line", has_scopes=True, lead=TEAM),
    Right("agents.lend", "supervision", "安排座席支援技能组", "Lend agents to queues", has_scopes=True, lead=TEAM),
    Right("figures.read", "supervision", "查看统计数字", "See figures", has_scopes=True, lead=TEAM),
    Right("views.share", "supervision", "与他人共享视图", "Share views with others", lead=ALL),
    Right(
        "announcements.read",
        "announcements",
        "查看通知、公告和论坛",
        "Read notices, bulletin and forum",
        agent=ALL,
        lead=ALL,
    ),
    Right("notices.write", "announcements", "发布业务通知", "Publish notices", lead=ALL),
    Right("bulletin.write", "announcements", "发布公告", "Write the bulletin", lead=ALL),
    Right("forum.write", "announcements", "在论坛发帖", "Write in the forum", agent=ALL, lead=ALL),
    Right("forum.moderate", "announcements", "管理论坛", "Moderate the forum", lead=ALL),
    Right("admin", "administration", "管理系统设置、用户与角色", "Administer settings, users and roles"),
    Right("lists.export", "administration", "导出其他列表", "Export other lists", lead=ALL),
    Right("exports.approve", "administration", "审批超限导出", "Approve exports beyond the limits"),
    Right("fields.write", "administration", "管理自定义字段与布局", "Manage custom fields and layouts"),
    Right("integrations.manage", "administration", "管理开放接口", "Manage open interfaces"),
    Right("events.read", "administration", "读取事件流", "Read the stream of events"),
    Right("audit.read", "administration", "查看操作日志", "See the audit log"),
)
BY_CODE = {right.code: right for right in CATALOGUE}

#: what each built-in role may do
BUILT_IN: dict[str, Permissions] = {
    AGENT: Permissions({right.code: right.agent for right in CATALOGUE if right.agent}),
    LEAD: Permissions({right.code: right.lead for right in CATALOGUE if right.lead}),
    ADMINISTRATOR: Permissions({right.code: ALL for right in CATALOGUE}),
}
NAMES: dict[str, tuple[str, str]] = {
    AGENT: ("座席", "Agent"),
    LEAD: ("班长", "Lead"),
    ADMINISTRATOR: ("管理员", "Administrator"),
}

#: codes alone, by built-in role
RIGHTS: dict[str, frozenset[str]] = {role: frozenset(each.rights) for role, each in BUILT_IN.items()}

NUMBERS_FIELD = ("customer", "numbers")


def effective(permissions: Permissions) -> Permissions:
    """Return the permissions as they hold: unknown rights are none, and numbers are masked by right as by field."""
    known = permissions.without(right for right in permissions.rights if right not in BY_CODE)
    if known.access(*NUMBERS_FIELD).covers(Access.READ):
        return known
    return known.without({"numbers.clear"})
