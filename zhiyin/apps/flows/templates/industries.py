"""Beginnings for a trade: a hotline with hours, a hospital, a property company, after-sales with order look-up. Pure.

Every caller reaches a person or leaves word: whoever is not served may speak after the tone.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.apps.flows.templates.drawing import Drawing, Graph, prompt

#: A caller with an old telephone has no keys that sound: silence leads to the first queue, wrong keys to a goodbye.
_AGAIN = {"0": "重听"}


def hotline(choices: Mapping[str, int]) -> Graph:
    """Greeting and notice, a queue, and a message to leave where nobody can answer."""
    drawing = Drawing()
    _open(drawing, choices["hours"], first="welcome", closed="closed")
    drawing.node("welcome", "play", column=2, prompt=prompt("welcome"), parts=[_part("recording_notice")])
    drawing.edge("welcome", "next", "queue")
    drawing.queue("queue", choices["queue"], column=3, row=0, otherwise="busy")
    _take_word(drawing, choices["queue"], column=4)
    return drawing.graph()


def hospital(choices: Mapping[str, int]) -> Graph:
    """医院: ask, book (with the number of the patient's card), follow up; where to call in an emergency."""
    drawing = Drawing()
    ask, book, follow = choices["ask"], choices["book"], choices.get("follow_up", choices["ask"])
    _open(drawing, choices["hours"], first="welcome", closed="closed_hospital")
    drawing.node("welcome", "play", column=2, prompt=prompt("welcome"), parts=[_part("hospital_emergency")])
    _menu(drawing, "welcome", "hospital_menu", {"1": "咨询", "2": "预约挂号", "3": "随访"}, silence="ask")
    drawing.node(
        "card", "collect", column=4, row=1, prompt=prompt("patient_card"), value="card", least=4, most=20, tries=2
    )
    drawing.lead("menu", {"1": "ask", "2": "card", "3": "follow_up"})
    drawing.lead("card", {"collected": "book", "wrong": "book", "none": "book"})  # the agent asks for it then
    drawing.queue("ask", ask, column=5, row=0, otherwise="busy")
    drawing.queue("book", book, column=5, row=1, otherwise="busy")
    drawing.queue("follow_up", follow, column=5, row=2, otherwise="busy")
    _take_word(drawing, ask, column=6)
    return drawing.graph()


def property_company(choices: Mapping[str, int]) -> Graph:
    """物业: repairs by day and night, questions, complaints that overtake and are called back."""
    drawing = Drawing()
    repair, ask = choices["repair"], choices["ask"]
    complain = choices.get("complaint", ask)
    _open(drawing, choices["hours"], first="welcome", closed="night_menu", is_closed_a_menu=True)
    drawing.node("welcome", "play", column=2, prompt=prompt("welcome"))
    _menu(drawing, "welcome", "property_menu", {"1": "报修", "2": "咨询", "3": "投诉"}, silence="ask")
    drawing.node(
        "home", "collect", column=4, row=1, prompt=prompt("property_home"), value="home", least=1, most=10, tries=2
    )
    drawing.lead("menu", {"1": "home", "2": "ask", "3": "complaint"})
    drawing.lead("home", {"collected": "repair", "wrong": "repair", "none": "repair"})
    drawing.queue("repair", repair, column=5, row=1, otherwise="busy", priority=5)
    drawing.queue("ask", ask, column=5, row=0, otherwise="busy")
    drawing.queue("complaint", complain, column=5, row=2, otherwise="call_back", priority=10)
    drawing.node("call_back", "callback", column=6, row=2, queue=complain)
    drawing.edge("call_back", "no_number", "busy")
    _take_word(drawing, ask, column=6)
    keys = {"1": "紧急报修", "2": "留言", **_AGAIN}
    drawing.node("night_menu", "menu", column=2, row=3, prompt=prompt("property_night"), keys=keys, tries=3)
    drawing.lead("night_menu", {"1": "home", "2": "message", "0": "night_menu", "no_key": "message"})
    drawing.edge("night_menu", "wrong_key", "message")
    return drawing.graph()


def after_sales(choices: Mapping[str, int]) -> Graph:
    """售后: an order's state by its number from the company's own interface, three times at most; an agent at any time.

    The interface answers ``GET /orders/{number}`` with ``{"status": "paid" | "shipped" | "delivered"}``, 404 for none.
    """
    drawing = Drawing()
    queue = choices["queue"]
    _open(drawing, choices.get("hours"), first="welcome", closed="closed")
    drawing.node("welcome", "play", column=2, prompt=prompt("welcome"))
    _menu(drawing, "welcome", "after_sales_menu", {"1": "查询订单", "2": "售后服务"}, silence="queue")
    drawing.lead("menu", {"1": "rounds", "2": "queue"})
    drawing.node("rounds", "loop", column=4, row=1, most=3)
    drawing.lead("rounds", {"again": "order", "done": "queue"})
    drawing.node(
        "order", "collect", column=5, row=1, prompt=prompt("order_number"), value="order", least=4, most=20, tries=2
    )
    drawing.lead("order", {"collected": "look_up", "wrong": "queue", "none": "queue"})
    drawing.node(
        "look_up", "http", column=6, row=1, service=choices["service"], path="/orders/{{order}}",
        values=[{"place": "/status", "value": "status"}],
    )  # fmt: skip
    drawing.lead("look_up", {"found": "status", "missing": "no_such_order", "failed": "cannot_look"})
    states = {"paid": "已付款", "shipped": "已发货", "delivered": "已送达"}
    cases = [
        {"exit": state, "name": name, "conditions": [{"value": "status", "operator": "is", "constant": state}]}
        for state, name in states.items()
    ]
    drawing.node("status", "condition", column=7, row=1, cases=cases)
    for row, state in enumerate(states):
        said = [{"way": "digits", "text": "{{order}}"}, _part(f"order_{state}")]
        drawing.node(state, "play", column=8, row=row, prompt=prompt("order_is"), parts=said)
        drawing.edge("status", state, state)
        drawing.edge(state, "next", "more")
    drawing.edge("status", "else", "cannot_look")
    drawing.node("no_such_order", "play", column=7, row=3, prompt=prompt("order_missing"))
    drawing.edge("no_such_order", "next", "rounds")
    drawing.node("cannot_look", "play", column=7, row=4, prompt=prompt("order_unknown"))
    drawing.edge("cannot_look", "next", "queue")
    keys = {"1": "查询其他订单", "0": "人工服务"}
    drawing.node("more", "menu", column=9, row=1, prompt=prompt("order_more"), keys=keys, tries=2)
    drawing.node("thanks", "hang_up", column=10, row=1, prompt=prompt("goodbye"))
    drawing.lead("more", {"1": "rounds", "0": "queue", "no_key": "thanks", "wrong_key": "thanks"})
    drawing.queue("queue", queue, column=5, row=3, otherwise="busy")
    _take_word(drawing, queue, column=6, row=5)
    drawing.node("failed", "on_error", column=4, row=5)
    drawing.edge("failed", "next", "queue")
    return drawing.graph()


def voice_hotline(choices: Mapping[str, int]) -> Graph:
    """语音导航: say what it is about, at any time, or press a key; whoever is not understood comes to a person."""
    drawing = Drawing()
    ask, after_sales = choices["ask"], choices.get("after_sales", choices["ask"])
    complain = choices.get("complaint", ask)
    _open(drawing, choices["hours"], first="voice", closed="closed")
    spoken = [
        {"exit": "agent", "name": "人工", "phrases": "人工,我要咨询,咨询,客服,agent,question,operator", "key": "0"},
        {"exit": "after_sales", "name": "售后", "phrases": "售后,维修,报修,退货,坏了,repair,broken", "key": "1"},
        {"exit": "complaint", "name": "投诉", "phrases": "投诉,不满意,complaint,complain", "key": "2"},
        {"exit": "own", "name": "本机号码", "phrases": "本机号码,我的号码,my number", "key": "3"},
    ]
    drawing.node(
        "voice", "recognise", column=2, prompt=prompt("voice_ask"), choices=spoken, listens="duplex", timeout_s=6,
        tries=2, value="said",
    )  # fmt: skip
    drawing.node(
        "own", "say", column=3, row=3, text_zh="您的来电号码是{{caller}}。", text_en="You are calling from {{caller}}.",
        timeout_s=5,
    )  # fmt: skip
    drawing.lead("own", {"next": "voice", "failed": "ask"})
    drawing.lead("voice", {"agent": "ask", "after_sales": "after_sales", "complaint": "complaint", "own": "own"})
    drawing.lead("voice", {"no_input": "ask", "no_match": "ask", "failed": "ask"})
    drawing.queue("ask", ask, column=4, row=0, otherwise="busy")
    drawing.queue("after_sales", after_sales, column=4, row=1, otherwise="busy")
    drawing.queue("complaint", complain, column=4, row=2, otherwise="busy", priority=5)
    _take_word(drawing, ask, column=5)
    person = {"exit": "agent", "name": "人工", "phrases": "人工,我要咨询,客服,agent,operator", "key": "0"}
    drawing.node("any_time", "shortcut", column=1, row=5, choices=[person])
    drawing.edge("any_time", "agent", "ask")
    return drawing.graph()


def _open(drawing: Drawing, hours: int | None, *, first: str, closed: str, is_closed_a_menu: bool = False) -> None:
    """Begin with the hours, if any; outside of them say ``closed`` and take a message, or go to that menu."""
    drawing.node("start", "start", column=0)
    if hours is None:
        drawing.edge("start", "next", first)
        return
    drawing.node("hours", "hours", column=1, hours=hours)
    drawing.edge("start", "next", "hours")
    drawing.edge("hours", "open", first)
    if is_closed_a_menu:
        drawing.edge("hours", "closed", closed)
        return
    drawing.node("closed", "play", column=2, row=3, prompt=prompt(closed))
    drawing.edge("hours", "closed", "closed")
    drawing.edge("closed", "next", "message")


def _menu(drawing: Drawing, before: str, said: str, keys: Mapping[str, str], *, silence: str) -> None:
    drawing.node("menu", "menu", column=3, prompt=prompt(said), keys={**keys, **_AGAIN}, tries=3)
    drawing.edge(before, "next", "menu")
    drawing.node("goodbye", "hang_up", column=4, row=4, prompt=prompt("goodbye"), reason="wrong_key")
    drawing.lead("menu", {"0": "menu", "no_key": silence, "wrong_key": "goodbye"})


def _take_word(drawing: Drawing, queue: int, *, column: int, row: int = 3) -> None:
    """Who was not served hears why, and leaves a message; where none is taken any more, the contact ends in words."""
    drawing.node("busy", "play", column=column, row=row, prompt=prompt("all_busy_message"))
    drawing.edge("busy", "next", "message")
    drawing.voicemail("message", queue, column=column + 1, row=row, otherwise="full")
    drawing.node("full", "hang_up", column=column + 2, row=row, prompt=prompt("mailbox_full"), reason="mailbox_full")


def _part(key: str) -> dict[str, object]:
    return {"way": "prompt", "prompt": prompt(key)}
