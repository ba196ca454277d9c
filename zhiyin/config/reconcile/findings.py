"""What an audit can find: a code, the subject, and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """``subject`` is what to look at: a contact, an agent, a file, an epoch. ``detail`` holds the two sides."""

    code: str
    subject: str
    detail: str = ""

    @property
    def en(self) -> str:
        return f"{SENTENCES[self.code][0]}{f' ({self.detail})' if self.detail else ''}"

    @property
    def zh(self) -> str:
        return f"{SENTENCES[self.code][1]}{f'（{self.detail}）' if self.detail else ''}"


#: code -> (English, Chinese). Every code that a check can give stands here.
SENTENCES: dict[str, tuple[str, str]] = {
    # the log itself
    "sequence_hole": ("Events of a stream are missing between others", "事件流中间缺少事件"),
    "number_hole": ("Events of an engine's term are missing between others", "引擎任期内的事件编号不连续"),
    "epoch_not_leased": ("Events of a term that was never given out", "存在从未授予的任期的事件"),
    "late_event": ("An engine wrote after the next one had begun", "新引擎接管后，旧引擎仍写入了事件"),
    "time_reversed": ("An event is dated before the one it follows", "事件时间早于其前一事件"),
    "personal_missing": ("An event refers to a personal value that is not there", "事件引用的个人信息不存在"),
    "personal_orphan": ("A personal value belongs to no event", "个人信息不属于任何事件"),
    "projection_behind": ("The records are behind the log", "记录落后于事件日志"),
    # contacts
    "contact_without_start": ("A contact's events do not begin with its start", "联络的事件不以开始事件开头"),
    "contact_started_twice": ("A contact started more than once", "联络开始了不止一次"),
    "contact_ended_twice": ("A contact ended more than once", "联络结束了不止一次"),
    "contact_after_end": ("Something began after the contact's end", "联络结束后仍有新动作"),
    "record_missing": ("A contact has no record", "联络没有对应记录"),
    "record_without_contact": ("A record belongs to no contact of the log", "记录在日志中没有对应联络"),
    "record_differs": ("A record says otherwise than the log", "记录与日志不一致"),
    "open_stream_missing": ("A live contact is not in the index of open ones", "进行中的联络不在开放索引中"),
    "open_stream_stale": ("A contact that is over stands in the index of open ones", "已结束的联络仍在开放索引中"),
    "contact_stays_open": ("A contact is live in the log and nowhere else", "联络在日志中未结束，实际已不存在"),
    # segments and offers
    "segment_not_ended": ("A conversation never ended, its contact did", "联络已结束，但通话段未结束"),
    "segment_ended_twice": ("A conversation ended more than once, or never began", "通话段重复结束或从未开始"),
    "segment_differs": ("The stored segments differ from the log", "存储的分段与日志不一致"),
    "queue_not_left": ("A contact is over and still stands in a queue", "联络已结束，但仍在队列中"),
    "party_not_ended": ("A second party or a stay on a slot never ended", "咨询方或驻留未结束"),
    "offer_not_ended": ("An offer never ended, its contact did", "联络已结束，但振铃分配未结束"),
    "offer_ended_twice": ("An offer ended more than once, or was never made", "振铃分配重复结束或从未发出"),
    "offered_twice": ("An agent was offered two contacts at once", "同一坐席同时被分配两个联络"),
    "in_two_contacts": ("An agent was in two contacts at once", "同一坐席同时处于两个联络中"),
    # agents
    "span_differs": ("An agent's stored states differ from the log", "坐席状态记录与日志不一致"),
    "span_overlap": ("An agent was in two states at once", "坐席同时处于两个状态"),
    "span_hole": ("An agent was in no state while signed in", "坐席签入期间存在状态空洞"),
    "day_does_not_add_up": ("The states do not add up to the time signed in", "各状态时长之和不等于签入时长"),
    "checkpoint_differs": ("An agent's checkpoint is not the newest state", "坐席检查点不是最新状态"),
    "agent_stuck": ("An agent is held by a contact that is over", "坐席被已结束的联络占用"),
    "agent_elsewhere": ("An agent talks in a contact and is in another state", "坐席正在通话，状态却不符"),
    "wrap_up_overdue": ("After-call work went on beyond its end", "话后整理超时未结束"),
    # Asterisk
    "leg_missing": ("A live contact has no leg in Asterisk", "进行中的联络在 Asterisk 中没有线路"),
    "leg_orphan": ("A leg in Asterisk belongs to no live contact", "Asterisk 中的线路不属于任何进行中的联络"),
    "bridge_orphan": ("A bridge in Asterisk belongs to no live contact", "Asterisk 中的桥接不属于任何进行中的联络"),
    "asterisk_silent": ("Asterisk runs and does not answer", "Asterisk 在运行但没有应答"),
    # recordings
    "recording_unlisted": ("A recording began and has no row", "录音已开始但没有记录"),
    "recording_lost": ("A recording has neither a file nor a word on why", "录音没有文件，也没有失败说明"),
    "recording_broken": ("A recording's file is damaged", "录音文件损坏"),
    "recording_short": (
        "A recording is shorter than what it recorded (a time in which neither side sent any sound is not in it)",
        "录音时长短于通话（双方都没有送来声音的时间不会录入）",
    ),
    "recording_long": ("A recording is longer than what it recorded", "录音时长长于通话"),
    "recording_undeleted": (
        "A recording was deleted by retention and its file is still there",
        "录音已按保存期限删除，但文件仍在",
    ),
    "deletion_differs": (
        "A recording's deletion stands in the log or in its record alone",
        "录音删除仅见于日志或仅见于记录",
    ),
    "recording_orphan": ("A sound file belongs to no recording", "声音文件不属于任何录音"),
    # figures
    "figures_differ": ("A queue's figures of today differ from counting the log", "队列当日指标与日志统计不一致"),
}
