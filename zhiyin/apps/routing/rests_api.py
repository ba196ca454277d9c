"""HTTP of the company's rule of rests (小休)."""

from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import Field, StringConstraints, model_validator

from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.routing import rests

router = Router(tags=["rests"], auth=Needs("admin"))

ClockTime = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Weekday = Annotated[int, Field(ge=0, le=6)]


class NoRestTimeBody(Schema):
    """No rest begins from ``since`` to ``until`` ("24:00": midnight's end) on these weekdays, Monday is 0."""

    since: ClockTime
    until: ClockTime
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = [0, 1, 2, 3, 4, 5, 6]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "NoRestTimeBody":
        if self.since >= self.until:
            raise ValueError("The time must end after it begins; give two for one over midnight.")
        return self


class RestQuotaBody(Schema):
    """Of a team, of who serves a queue, or (neither) of everybody at most so many rest at once: ``at_most``, and
    ``share_pct`` of those who are signed in, at least one."""

    team: int | None = None
    queue: int | None = None
    at_most: Annotated[int, Field(ge=1, le=10_000)] | None = None
    share_pct: Annotated[int, Field(ge=1, le=100)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "RestQuotaBody":
        if self.team is not None and self.queue is not None:
            raise ValueError("A quota is of a team or of a queue.")
        if self.at_most is None and self.share_pct is None:
            raise ValueError("Say how many may rest at once, or which share.")
        return self


NoRestTimes = Annotated[list[NoRestTimeBody], Field(max_length=20)]
RestQuotas = Annotated[list[RestQuotaBody], Field(max_length=50)]
MinutesPerDay = Annotated[int, Field(ge=1, le=720)]
Approval = Literal["none", "list", "lead"]


class RestPolicyBody(Schema):
    """``minutes_per_day`` null: as long as anybody likes."""

    approval: Approval
    minutes_per_day: int | None
    no_rest_times: list[NoRestTimeBody]
    quotas: list[RestQuotaBody]


class RestPolicyPatch(Schema):
    """What is left out stays; ``minutes_per_day`` null takes the limit away."""

    approval: Approval | None = None
    minutes_per_day: MinutesPerDay | None = None
    no_rest_times: NoRestTimes | None = None
    quotas: RestQuotas | None = None


@router.get("/policy", operation_id="getRestPolicy", response={200: RestPolicyBody, **problems()})
def get_policy(request: TenantRequest) -> Any:
    """Who may rest when: approval, quotas, minutes a day, times without rests."""
    return rests.policy_of(tenant=request.actor.tenant)


@router.patch("/policy", operation_id="changeRestPolicy", response={200: RestPolicyBody, **problems(400)})
def change_policy(request: TenantRequest, body: RestPolicyPatch) -> Any:
    """Change what is named; the next wish to rest goes by it, and so does who waits for a place."""
    fields = {
        name: value
        for name, value in body.dict().items()
        if name in body.model_fields_set and (value is not None or name == "minutes_per_day")
    }
    return rests.save_policy(actor=request.actor, fields=fields)
