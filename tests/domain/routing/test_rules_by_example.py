"""What each rule means, one small floor at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zhiyin.domain.routing.capacity import can_take
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Standing
from zhiyin.domain.routing.policy import (
    DEFAULT_CHANNELS,
    AgentChoice,
    ContactChoice,
    ContactClass,
    Fairness,
    Membership,
    Policy,
    QueuePolicy,
    Ring,
)
from zhiyin.domain.routing.requirements import (
    NOTHING,
    NeedsAll,
    NeedsAny,
    NeedsSkill,
    all_of,
    is_met,
    levels_of,
    missing,
    relax,
)
from zhiyin.domain.routing.router import Offer, Router

NOW = 1000.0


def floor(policy: Policy, *agents: AgentProfile, explains: bool = False) -> Router:
    router = Router(policy, explains=explains)
    for agent in agents:
        router.put_agent(agent, NOW)
    return router


def agent(
    number: int, *queues: int, tier: int = 1, delay_s: float = 0.0, share: float = 1.0, **skills: int
) -> AgentProfile:
    memberships = tuple(Membership(queue, tier=tier, delay_s=delay_s, share=share) for queue in queues or (1,))
    return AgentProfile(number, skills, memberships)


def told(offers: list[Offer]) -> list[tuple[str, tuple[int, ...]]]:
    return [(offer.contact, offer.agents) for offer in offers]


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        (AgentChoice.LONGEST_IDLE, 1),
        (AgentChoice.LONGEST_SINCE_INBOUND, 2),
        (AgentChoice.LEAST_OCCUPIED, 3),
        (AgentChoice.FEWEST_CONTACTS, 4),
        (AgentChoice.MOST_SKILLED, 5),
        (AgentChoice.LEAST_SKILLED, 6),
        (AgentChoice.WEIGHTED, 4),
    ],
)
def test_each_rule_between_agents_chooses_its_own(choice: AgentChoice, chosen: int) -> None:
    assert offer_by(choice).agents == (chosen,)


def test_an_offer_says_whom_each_other_rule_would_have_asked() -> None:
    compared = set(AgentChoice) - {AgentChoice.RANDOM, AgentChoice.RING_ALL}
    for choice in compared:
        others = {rule: offer_by(rule).agents[0] for rule in compared - {choice}}
        assert dict(offer_by(choice, explains=True).by_other_rules) == others
    assert offer_by(AgentChoice.LONGEST_IDLE).by_other_rules == (), "a router that is not asked to explain is quicker"


def offer_by(choice: AgentChoice, *, explains: bool = False) -> Offer:
    """Six are ready who differ in one thing each; one contact comes."""
    policy = Policy(queues={1: QueuePolicy(1, agent_choice=choice)})
    skills = {5: 9, 6: 2}
    six = (agent(number, cards=skills.get(number, 5)) for number in range(1, 7))
    router = floor(policy, *six, explains=explains)
    plain = Standing(idle_since=NOW - 10, last_inbound_at=NOW - 10, occupancy=0.5, contacts=5, talk_s=600)
    for number, standing in {
        1: replace(plain, idle_since=NOW - 20),
        2: replace(plain, last_inbound_at=NOW - 30),
        3: replace(plain, occupancy=0.2),
        4: replace(plain, contacts=2),
        5: plain,
        6: plain,
    }.items():
        router.open(number, standing, NOW)
    (offer,) = router.arrive(Contact("call", NOW, 1, requirement=NeedsSkill("cards")), NOW)
    return offer


def test_round_robin_goes_round_and_a_share_is_kept() -> None:
    for choice, shares, expected in (
        (AgentChoice.ROUND_ROBIN, (1.0, 1.0, 1.0), [1, 2, 3, 1, 2, 3]),
        (AgentChoice.PERCENTAGE, (3.0, 1.0, 2.0), [1, 2, 3, 1, 3, 1]),
        (AgentChoice.PERCENTAGE, (1.0, 0.0, 1.0), [1, 3, 1, 3, 1, 3]),
    ):
        policy = Policy(queues={1: QueuePolicy(1, agent_choice=choice)})
        router = floor(policy, *(agent(number, share=share) for number, share in enumerate(shares, 1)))
        for number in (1, 2, 3):
            router.open(number, Standing(), NOW)
        served = []
        for place in range(6):
            ((_, (who,)),) = told(router.arrive(Contact(f"c{place}", NOW, 1), NOW))
            served.append(who)
            router.leave(f"c{place}", NOW)
            router.release(who, "voice", NOW)
        assert sorted(served) == sorted(expected), choice
        assert served[:3] == expected[:3], choice


def test_all_of_the_first_tier_are_rung_up_to_the_bound() -> None:
    policy = Policy(queues={1: QueuePolicy(1, agent_choice=AgentChoice.RING_ALL, ring_at_most=2)})
    router = floor(policy, *(agent(number) for number in (1, 2, 3)), agent(4, tier=2))
    for number in (1, 2, 3, 4):
        router.open(number, Standing(idle_since=NOW - number), NOW)
    assert told(router.arrive(Contact("a", NOW, 1), NOW)) == [("a", (3, 2))]
    assert told(router.arrive(Contact("b", NOW, 1), NOW)) == [("b", (1,))]
    assert told(router.arrive(Contact("c", NOW, 1), NOW)) == [("c", (4,))]


def test_a_tier_is_asked_before_the_next_whoever_is_idle_longer() -> None:
    router = floor(Policy(), agent(1, tier=2), agent(2, tier=1))
    router.open(1, Standing(idle_since=NOW - 500), NOW)
    router.open(2, Standing(idle_since=NOW - 1), NOW)
    assert told(router.arrive(Contact("call", NOW, 1), NOW)) == [("call", (2,))]


def test_rings_open_at_their_second_and_not_before() -> None:
    rings = (Ring(10, lower_by=3), Ring(20, drop=frozenset({"loans"})), Ring(30, add_queues=(2,)))
    policy = Policy(queues={1: QueuePolicy(1, rings=rings)})
    wanted = levels_of({"cards": 5, "loans": 1})
    for who, at in (
        (agent(1, cards=5, loans=1), 0.0),
        (agent(2, cards=2, loans=1), 10.0),
        (agent(3, cards=5), 20.0),
        (agent(4, 2, cards=5), 30.0),
    ):
        router = floor(policy, who)
        router.open(who.id, Standing(), NOW)
        offers = router.arrive(Contact("call", NOW, 1, requirement=wanted), NOW)
        if at:
            assert offers == []
            assert router.next_due == NOW + at
            assert router.advance(NOW + at - 0.001) == []
            offers = router.advance(NOW + at)
        assert told(offers) == [("call", (who.id,))]
        assert offers[0].queue == (2 if who.id == 4 else 1)


def test_the_last_agent_is_waited_for_only_while_it_may_come() -> None:
    router = floor(Policy(), agent(1), agent(2))
    router.open(2, Standing(), NOW)
    router.pause(1, NOW)
    wanted = Contact("call", NOW, 1, preferred=(1,), preferred_for_s=30)
    assert router.arrive(wanted, NOW) == []
    assert told(router.advance(NOW + 30)) == [("call", (2,))]
    router.leave("call", NOW + 30)
    router.release(2, "voice", NOW + 30)
    assert router.arrive(replace(wanted, id="second", since=NOW + 30), NOW + 30) == []
    assert told(router.close(1, NOW + 31)) == [("second", (2,))], "an agent who goes away is not waited for"
    router.leave("second", NOW + 31)
    router.release(2, "voice", NOW + 31)
    assert told(router.arrive(replace(wanted, id="third", since=NOW + 32), NOW + 32)) == [("third", (2,))]


def test_the_own_caller_of_an_agent_comes_before_the_line() -> None:
    router = floor(Policy(), agent(1))
    router.pause(1, NOW)
    router.arrive(Contact("long", NOW - 500, 1), NOW)
    router.arrive(Contact("own", NOW, 1, preferred=(1,), preferred_for_s=60), NOW)
    assert told(router.open(1, Standing(), NOW + 1)) == [("own", (1,))]


@pytest.mark.parametrize(
    ("choice", "first"),
    [
        (ContactChoice.PRIORITY, "vip"),
        (ContactChoice.SERVICE_OBJECTIVE, "strict"),
        (ContactChoice.LONGEST_WAITING, "plain"),
    ],
)
def test_each_rule_between_contacts_chooses_its_own(choice: ContactChoice, first: str) -> None:
    policy = Policy(
        contact_choice=choice,
        queues={1: QueuePolicy(1, target_s=300), 2: QueuePolicy(2, target_s=20)},
        classes={"vip": ContactClass("vip", points=50)},
    )
    router = floor(policy, agent(1, 1, 2))
    router.arrive(Contact("plain", NOW - 90, 1), NOW)
    router.arrive(Contact("vip", NOW - 5, 1, class_code="vip"), NOW)
    router.arrive(Contact("strict", NOW - 60, 2), NOW)
    assert told(router.open(1, Standing(), NOW))[0][0] == first


def test_waiting_overtakes_a_class_until_its_bound() -> None:
    """60 points a minute: a plain caller overtakes one with 30 points after 30 s, and one with 100 never."""
    classes = {
        "": ContactClass("", per_minute=60, at_most=60),
        "gold": ContactClass("gold", points=30, per_minute=0),
        "vip": ContactClass("vip", points=100, per_minute=0),
    }
    for waited_s, code, first in ((29, "gold", "other"), (31, "gold", "plain"), (3000, "vip", "other")):
        router = floor(Policy(classes=classes), agent(1))
        router.arrive(Contact("plain", NOW - waited_s, 1), NOW)
        router.arrive(Contact("other", NOW, 1, class_code=code), NOW)
        assert told(router.open(1, Standing(), NOW))[0][0] == first


def test_an_agent_serves_its_queues_in_order_and_late_ones_late() -> None:
    memberships = (Membership(1, order=1), Membership(2, order=2, delay_s=15))
    router = floor(Policy(), AgentProfile(1, {}, memberships))
    router.arrive(Contact("second", NOW - 100, 2), NOW)
    router.arrive(Contact("first", NOW, 1), NOW)
    assert told(router.open(1, Standing(), NOW)) == [("first", (1,))]
    router.leave("first", NOW)
    router.leave("second", NOW)
    router.release(1, "voice", NOW)
    assert router.arrive(Contact("fresh", NOW, 2), NOW) == []
    assert told(router.advance(NOW + 15)) == [("fresh", (1,))]


def test_hard_contacts_are_spread_and_never_left() -> None:
    fairness = Fairness(hard_per_shift=2, gap_s=60, waits_at_most_s=20)
    router = floor(Policy(fairness=fairness), agent(1))
    router.open(1, Standing(hard=2), NOW)
    assert router.arrive(Contact("hard", NOW, 1, is_hard=True), NOW) == []
    assert told(router.advance(NOW + 20)) == [("hard", (1,))]
    router.leave("hard", NOW + 20)
    router.release(1, "voice", NOW + 20)
    router.open(1, Standing(hard=1, rested_at=NOW + 30), NOW + 20)
    assert router.arrive(Contact("again", NOW + 21, 1, is_hard=True), NOW + 21) == []
    assert told(router.advance(NOW + 30)) == [("again", (1,))], "the gap is over before the caller's patience"


def test_what_an_agent_has_room_for() -> None:
    def can(load: dict[str, int], channel: str) -> bool:
        return can_take(load, channel, DEFAULT_CHANNELS)

    assert can({}, "voice")
    assert not can({"voice": 1}, "voice")
    assert can({"chat": 3}, "chat")
    assert not can({"chat": 4}, "chat")
    assert not can({"chat": 1}, "voice"), "who writes is not called away"
    assert can({"mail": 1}, "voice"), "a letter waits"
    assert can({"mail": 1}, "chat")
    assert not can({"voice": 1}, "mail")
    assert not can({"voice": 1}, "chat")


def test_a_chatting_agent_gets_more_chats_and_the_idler_one_first() -> None:
    router = floor(Policy(), agent(1), agent(2))
    router.open(1, Standing(idle_since=NOW - 50), NOW)
    router.open(2, Standing(idle_since=NOW - 10), NOW)
    served = [told(router.arrive(Contact(f"c{n}", NOW, 1, channel="chat"), NOW))[0][1][0] for n in range(8)]
    assert served == [1, 2] * 4
    assert router.arrive(Contact("c9", NOW, 1, channel="chat"), NOW) == []
    assert told(router.release(2, "chat", NOW)) == [("c9", (2,))]


def test_requirements_join_relax_and_say_what_is_missing() -> None:
    either = NeedsAny((NeedsSkill("english", 3), NeedsSkill("french", 2)))
    wanted = all_of((NeedsSkill("cards", 2), either, NeedsSkill("cards", 6), NOTHING))
    assert wanted == NeedsAll((NeedsSkill("cards", 6), either))
    assert is_met(wanted, {"cards": 6, "french": 2})
    assert not is_met(wanted, {"cards": 6, "french": 1})
    assert missing(wanted, {"cards": 1, "english": 9}) == (NeedsSkill("cards", 6),)
    assert is_met(relax(wanted, lower_by=9), {"cards": 1, "english": 1}), "a level is never lowered under 1"
    assert relax(wanted, drop=frozenset({"french"})) == NeedsSkill("cards", 6), "a dropped choice counts as had"
    assert all_of(()) == NOTHING
    assert is_met(NOTHING, {})
