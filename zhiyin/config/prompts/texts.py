"""What the standard prompts say: key -> (Chinese, English). The engine's own keys stand in ``domain/announcements``."""

from __future__ import annotations

from zhiyin.domain.announcements import LARGEST_NUMBER

_ENGLISH_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CHINESE_DIGITS = "零一二三四五六七八九"

#: Of the flows that are ready for a trade (``apps/flows/templates``); a company says them in its own words.
_OF_TEMPLATES = {
    "all_busy_message": (
        "抱歉，目前座席全忙。",
        "We are sorry, all of our agents are busy.",
    ),
    "closed_hospital": (
        "您好，现在是非工作时间。如遇紧急情况，请拨打一二零。",
        "Hello. We are closed at the moment. In an emergency, please call one two zero.",
    ),
    "hospital_emergency": (
        "如遇紧急情况，请挂机拨打一二零。",
        "In an emergency, please hang up and call one two zero.",
    ),
    "hospital_menu": (
        "咨询请按一，预约挂号请按二，随访请按三，重听请按零。",
        (
            "For questions, press one. For an appointment, press two. For follow-up, press three. "
            "To hear this again, press zero."
        ),
    ),
    "patient_card": (
        "请输入就诊卡号，按井号键结束。没有就诊卡请直接按井号键。",
        "Please enter the number of your patient card, and end with the hash key. If you have none, press hash.",
    ),
    "property_menu": (
        "报修请按一，咨询请按二，投诉请按三，重听请按零。",
        (
            "For repairs, press one. For questions, press two. For a complaint, press three. "
            "To hear this again, press zero."
        ),
    ),
    "property_home": (
        "请输入房号，按井号键结束。",
        "Please enter the number of your flat, and end with the hash key.",
    ),
    "property_night": (
        "您好，现在是非工作时间。紧急报修请按一，留言请按二，重听请按零。",
        (
            "Hello. We are closed at the moment. For an urgent repair, press one. To leave a message, press two. "
            "To hear this again, press zero."
        ),
    ),
    "voice_ask": (
        "您好，请直接说出要办理的业务，例如售后、投诉、本机号码。转人工请说人工，或按零。",
        (
            "Hello. Please say what it is about, such as repair, complaint, or my number. "
            "For a person, say agent, or press zero."
        ),
    ),
    "after_sales_menu": (
        "查询订单请按一，售后服务请按二，重听请按零。",
        "For the state of an order, press one. For after-sales service, press two. To hear this again, press zero.",
    ),
    "order_number": (
        "请输入订单号，按井号键结束。",
        "Please enter the number of your order, and end with the hash key.",
    ),
    "order_is": ("您的订单", "Your order"),
    "order_paid": ("已付款，正在备货。", "has been paid and is being prepared."),
    "order_shipped": ("已发货，正在运送途中。", "has been shipped and is on its way."),
    "order_delivered": ("已送达。", "has been delivered."),
    "order_missing": (
        "没有找到这个订单号，请核对后重新输入。",
        "There is no order of that number. Please check it and enter it again.",
    ),
    "order_unknown": (
        "暂时无法查询订单，正在为您转接人工座席。",
        "We cannot look up the order right now. We are connecting you to an agent.",
    ),
    "order_more": (
        "查询其他订单请按一，人工服务请按零。",
        "For another order, press one. For an agent, press zero.",
    ),
}

_SENTENCES = {
    "welcome": ("您好，欢迎致电，很高兴为您服务。", "Hello, and thank you for calling."),
    "menu": (
        "售后服务，请按一。产品销售，请按二。重听，请按零。",
        "For customer service, press one. For sales, press two. To hear this again, press zero.",
    ),
    "please_wait": (
        "正在为您转接人工座席，请稍候。",
        "Please hold while we connect you to an agent.",
    ),
    "next_in_line": ("您是下一位，请稍候。", "You are next in line. Please hold."),
    "position_one": ("您前面还有一位客户在等待。", "There is one caller ahead of you."),
    "position_before": ("您前面还有", "There are"),
    "position_after": ("位客户在等待。", "callers ahead of you."),
    "position_many": (
        "您前面还有一百位以上的客户在等待。",
        "There are more than one hundred callers ahead of you.",
    ),
    "wait_under_minute": ("预计一分钟之内为您接通。", "We expect to answer you within a minute."),
    "wait_one_minute": ("预计等待时间约一分钟。", "Your expected wait is about one minute."),
    "wait_about": ("预计等待时间约", "Your expected wait is about"),
    "wait_to": ("到", "to"),
    "wait_minutes": ("分钟。", "minutes."),
    "wait_over_hour": ("预计等待时间超过一小时。", "Your expected wait is more than one hour."),
    "recording_notice": (
        "为了提升服务质量，本次通话可能会被录音。",
        "To improve our service, this call may be recorded.",
    ),
    "all_busy": (
        "抱歉，目前座席全忙，请您稍后再拨。",
        "We are sorry, all of our agents are busy. Please call again later.",
    ),
    "closed": (
        "您好，现在是非工作时间，请您在工作时间内来电。",
        "Hello. We are closed at the moment. Please call again during our business hours.",
    ),
    "wrong_key": ("您的按键有误，请重新选择。", "That is not one of the choices. Please try again."),
    "no_key": ("没有收到您的按键，请重新选择。", "We did not receive your choice. Please try again."),
    "not_understood": ("抱歉，没有听懂，请再说一遍。", "Sorry, I did not understand. Please say it again."),
    "nothing_heard": ("没有听到您的声音，请说话。", "I could not hear you. Please speak."),
    "wrong_digits": (
        "您的输入有误，请重新输入。",
        "That does not seem right. Please enter it again.",
    ),
    "no_digits": (
        "没有收到您的输入，请重新输入。",
        "We did not receive any digits. Please enter them again.",
    ),
    "goodbye": ("感谢您的来电，再见。", "Thank you for calling. Goodbye."),
    "fault": (
        "抱歉，系统暂时无法处理您的来电，请稍后再拨。",
        "We are sorry, we cannot handle your call right now. Please try again later.",
    ),
    "transfer_failed": (
        "抱歉，转接没有成功，正在为您恢复通话。",
        "The transfer did not succeed. We are putting you back through.",
    ),
    "number_busy": ("您拨打的号码正忙。", "The number you called is busy."),
    "number_no_answer": ("您拨打的号码无人接听。", "Nobody answers at the number you called."),
    "number_refused": ("对方拒绝了您的呼叫。", "Your call was declined."),
    "number_unknown": (
        "您拨打的号码不存在，请核对后再拨。",
        "That number does not exist. Please check it and try again.",
    ),
    "trunk_failed": (
        "线路暂时不可用，请联系管理员。",
        "The line is not available at the moment. Please contact your administrator.",
    ),
    "test_call": (
        "这是一次测试通话。听到提示音后请说话，您将听到自己的声音。",
        "This is a test call. Please speak, and you will hear your own voice.",
    ),
    "trial_over": (
        "试拨到此结束。接下来的去向，请看画布。",
        "This trial call ends here. The canvas shows where it would go on.",
    ),
    "offer_callback": (
        "不想等待？请按一，我们会为您保留排队位置，轮到您时给您回电。",
        "You need not wait on the line. Press one, and we will keep your place and call you back when it is your turn.",
    ),
    "offer_message": ("如需留言，请按二。", "To leave a message, press two."),
    "callback_confirm": ("我们将回拨的号码是", "We will call you back at"),
    "callback_confirm_keys": (
        "确认请按一，更换号码请按二，继续等待请按星号键。",
        "To confirm, press one. For another number, press two. To go on waiting, press star.",
    ),
    "callback_confirm_yes": (
        "确认请按一，继续等待请按星号键。",
        "To confirm, press one. To go on waiting, press star.",
    ),
    "callback_repeat_keys": (
        "确认请按一，重新输入请按二，继续等待请按星号键。",
        "To confirm, press one. To enter it again, press two. To go on waiting, press star.",
    ),
    "callback_enter": (
        "请输入回拨号码，按井号键结束。继续等待请按星号键。",
        "Please enter the number to call, and end with the hash key. To go on waiting, press star.",
    ),
    "callback_bad_number": (
        "抱歉，无法回拨这个号码。",
        "We are sorry, we cannot call that number.",
    ),
    "callback_agreed": (
        "好的，您的排队位置已保留，轮到您时我们会给您回电。再见。",
        "Thank you. Your place is kept, and we will call you when it is your turn. Goodbye.",
    ),
    "booking_days": ("请选择给您回电的日期。", "Please choose the day on which we call you back."),
    "booking_parts": ("请选择时段。", "Please choose a part of the day."),
    "booking_hours": (
        "请选择时间，我们会在那一小时之内给您回电。",
        "Please choose a time. We will call you within the hour that begins then.",
    ),
    "booking_morning": ("上午", "in the morning"),
    "booking_afternoon": ("下午", "in the afternoon"),
    "booking_evening": ("晚上", "in the evening"),
    "booking_press": ("请按", "press"),
    "booking_more": ("其他选择请按八。", "For more choices, press eight."),
    "booking_again": ("重听请按九。", "To hear this again, press nine."),
    "booking_leave": ("不预约请按星号键。", "If you do not want to be called back, press star."),
    "booking_back": ("重新选择日期请按星号键。", "To choose another day, press star."),
    "booking_confirm": ("您选择的时间是", "The time that you chose is"),
    "booking_confirm_keys": (
        "确认请按一，重新选择请按星号键。",
        "To confirm, press one. To choose again, press star.",
    ),
    "booking_agreed": ("预约成功，我们给您回电的时间是", "Thank you. We will call you back"),
    "booking_goodbye": ("请保持电话畅通，再见。", "Please keep your telephone at hand. Goodbye."),
    "booking_taken": ("抱歉，这个时间刚刚约满。", "We are sorry, that time has just been taken."),
    "booking_full": ("抱歉，目前没有可以预约的时间。", "We are sorry, there is no free time to be called back."),
    "booking_closed": (
        "抱歉，近期没有可以回电的工作时间。",
        "We are sorry, there are no hours in which we could call you back.",
    ),
    "booking_too_many": (
        "这个号码已经有预约，到时我们会给您回电。",
        "There are bookings for this number already, and we will call you then.",
    ),
    "message_invite": (
        "请在提示音后留言，按井号键结束。",
        "Please leave your message after the tone, and end with the hash key.",
    ),
    "message_saved": (
        "您的留言已保存，我们会尽快与您联系。再见。",
        "Your message has been saved, and we will get back to you soon. Goodbye.",
    ),
    "message_empty": (
        "没有听到您的留言。感谢您的来电，再见。",
        "We did not hear a message. Thank you for calling. Goodbye.",
    ),
    "mailbox_full": ("抱歉，留言信箱已满。", "We are sorry, the mailbox is full."),
    "survey_service": (
        "请对本次服务作出评价：非常满意请按五，满意请按四，一般请按三，不满意请按二，非常不满意请按一。",
        "How were you served? Very well: press five. Well: four. Neither: three. Badly: two. Very badly: one.",
    ),
    "survey_thanks": ("感谢您的评价，再见。", "Thank you for your answer. Goodbye."),
    "beep": ("（提示音）", "(tone)"),
    **_OF_TEMPLATES,
}

#: Of what spoken numbers, money, dates and times are put together (``domain/spoken_values``).
_PARTS = {
    "digit_1_telephone": ("幺", "one"),
    "unit_10": ("十", "ten"),
    "unit_100": ("百", "hundred"),
    "unit_1000": ("千", "thousand"),
    "unit_10000": ("万", "ten thousand"),
    "unit_million": ("百万", "million"),
    "unit_100000000": ("亿", "hundred million"),
    "unit_billion": ("十亿", "billion"),
    "minus": ("负", "minus"),
    "point": ("点", "point"),
    "and": ("和", "and"),
    "oh": ("零", "oh"),
    "money_yuan": ("元", "yuan"),
    "money_jiao": ("角", "jiao"),
    "money_fen": ("分", "fen"),
    "year": ("年", "year"),
    "hour": ("点", "o'clock"),
    "minute": ("分", "minutes"),
    "am": ("上午", "a m"),
    "pm": ("下午", "p m"),
    "today": ("今天", "today"),
    "tomorrow": ("明天", "tomorrow"),
}
_ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHINESE_WEEKDAYS = "一二三四五六日"
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ENGLISH_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth"),
    *("nineteenth", "twentieth", *(f"twenty-{one}" for one in ("first", "second", "third", "fourth", "fifth"))),
    *("twenty-sixth", "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first"),
)

#: Prompts that are no words: they are made as tones.
TONES = frozenset({"beep"})


def standard_texts() -> dict[str, dict[str, str]]:
    """Return every standard prompt: key -> language -> words."""
    texts = {key: {"zh": zh, "en": en} for key, (zh, en) in _SENTENCES.items()}
    for number in range(LARGEST_NUMBER + 1):
        texts[f"number_{number}"] = {"zh": chinese_number(number), "en": english_number(number)}
    texts |= {key: {"zh": zh, "en": en} for key, (zh, en) in _PARTS.items()}
    for digit, word in enumerate(_CHINESE_DIGITS):
        texts[f"digit_{digit}"] = {"zh": word, "en": _ENGLISH_ONES[digit]}
    for month, name in enumerate(_ENGLISH_MONTHS, start=1):
        texts[f"month_{month}"] = {"zh": f"{_chinese_count(month)}月", "en": name}
    for day, ordinal in enumerate(_ENGLISH_ORDINALS, start=1):
        texts[f"day_{day}"] = {"zh": f"{_chinese_count(day)}日", "en": ordinal}
    for day, name in enumerate(_ENGLISH_WEEKDAYS, start=1):
        texts[f"weekday_{day}"] = {"zh": f"星期{_CHINESE_WEEKDAYS[day - 1]}", "en": name}
    return texts


def _chinese_count(number: int) -> str:
    """As in a date: 二月, not 两月."""
    return "二" if number == 2 else chinese_number(number)


def chinese_number(number: int) -> str:
    """0 to 99 as counted before 位: 两位, 十二位, 二十位."""
    if number == 2:
        return "两"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _CHINESE_DIGITS[ones]
    return (_CHINESE_DIGITS[tens] if tens > 1 else "") + "十" + (_CHINESE_DIGITS[ones] if ones else "")


def english_number(number: int) -> str:
    """0 to 99 in words."""
    if number < 20:
        return _ENGLISH_ONES[number]
    tens, ones = divmod(number, 10)
    return _ENGLISH_TENS[tens - 2] + (f"-{_ENGLISH_ONES[ones]}" if ones else "")
