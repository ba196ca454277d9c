"""What must be alike on all machines: program, description, keys, clocks, shared folders; and room on each disk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from zhiyin.config.doctor.clock import TOLERATED_S
from zhiyin.config.doctor.findings import Finding
from zhiyin.config.doctor.machines.look import Seen, Silent
from zhiyin.config.doctor.machines.rows import NAMES, Row
from zhiyin.config.parts.fingerprints import LINK
from zhiyin.contracts.pulses import FolderSeen
from zhiyin.domain.alarms import CERTIFICATE_DAYS, LEAST_FREE_BYTES

#: the parts' own certificate is made for ten years, and changing it takes all machines at once
LINK_DAYS = 60


def judge_alike(seen: Seen, rows: Sequence[Row]) -> Iterator[Finding]:
    told = [row for row in rows if row.heard is not None and row.heard.is_fresh]
    yield from _programs(seen, told)
    yield from _descriptions(seen, told)
    yield from _link(seen)
    yield from _clocks(told)
    yield from _disks(told)
    yield from _folders(told)
    yield from _certificates(seen)


def _label(row: Row) -> tuple[str, str]:
    en, zh = NAMES[row.part]
    return f"{en} {row.name}", f"{zh} {row.name}"


def _listed(rows: Sequence[Row]) -> tuple[str, str]:
    labels = [_label(row) for row in rows]
    return ", ".join(en for en, _ in labels), "、".join(zh for _, zh in labels)


def _programs(seen: Seen, rows: Sequence[Row]) -> Iterator[Finding]:
    others = [row for row in rows if row.program != seen.program]
    if others:
        listed = _listed(others)
        yield Finding(
            "program_differs",
            "warn",
            f"Not this machine's program ({seen.program}) runs as {listed[0]}: in an upgrade, restart them with the "
            "new one (docs/ops/scale-out.md has the order); else copy /opt/zhiyin once more.",
            f"以下组件运行的程序与本机（{seen.program}）不同：{listed[1]}。升级过程中请用新程序重启它们"
            "（顺序见 docs/ops/scale-out.md），否则请重新复制 /opt/zhiyin。",
        )
    elif rows:
        yield Finding(
            "program", "ok", f"All parts run this program, {seen.program}", f"所有组件运行同一程序 {seen.program}"
        )


def _descriptions(seen: Seen, rows: Sequence[Row]) -> Iterator[Finding]:
    is_alike = True
    for row in rows:
        assert row.heard is not None
        names = _differing(seen.description, row.heard.pulse.description)
        if not names:
            continue
        is_alike = False
        en, zh = _label(row)
        if "ZHIYIN_SECRET_KEY" in names:  # it keys the digests: all of them differ
            yield Finding(
                "description_foreign",
                "bad",
                f"{en} was started with another ZHIYIN_SECRET_KEY than this description has: it may belong to another "
                "installation. Copy zhiyin.conf and link/ there, and restart it.",
                f"{zh} 启动时的 ZHIYIN_SECRET_KEY 与本描述文件不同，可能属于另一套安装。"
                "请把 zhiyin.conf 和 link/ 复制过去并重启该组件。",
            )
            continue
        listed = ", ".join(names)
        yield Finding(
            "description_differs",
            "bad",
            f"{en} was started with another {listed} than this machine's description has: copy the right file to all "
            "machines, and restart the part.",
            f"{zh} 启动时的 {listed} 与本机描述文件不同：请把正确的文件复制到所有机器，并重启该组件。",
        )
    if rows and is_alike:
        yield Finding("description", "ok", "All parts were started with this description", "所有组件均按此描述文件启动")


def _differing(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


def _link(seen: Seen) -> Iterator[Finding]:
    ends_at = seen.link_ends_at
    if isinstance(ends_at, Silent):
        yield Finding(
            "link_unreadable",
            "bad",
            f"The parts' keys cannot be used here: {ends_at.why}. Copy link/ to this machine once more "
            "(chown -R root:zhiyin, chmod -R u=rwX,g=rX,o=).",
            f"无法使用组件间的密钥：{ends_at.why}。请重新把 link/ 复制到本机"
            "（chown -R root:zhiyin，chmod -R u=rwX,g=rX,o=）。",
        )
        return
    days = (ends_at - seen.now).days
    if days < LINK_DAYS:
        yield Finding(
            "link_ends",
            "bad" if days < 0 else "warn",
            f"The certificate by which the parts know each other ends in {days} days: then no part reaches another. "
            "Make another with `zhiyin new-link --out DIR`, copy it to every machine, and restart all parts.",
            f"组件间互相识别的证书还有 {days} 天到期，到期后组件之间无法通信。"
            "请用 `zhiyin new-link --out DIR` 生成新的，复制到每台机器，并重启所有组件。",
        )
    else:
        yield Finding(
            LINK.rstrip("/"), "ok", f"The parts' certificate ends in {days} days", f"组件间证书还有 {days} 天到期"
        )


def _clocks(rows: Sequence[Row]) -> Iterator[Finding]:
    """Each clock was compared with the database's, so all are compared with each other."""
    off = [row for row in rows if row.heard is not None and abs(row.heard.clock_off_s) > TOLERATED_S]
    for row in off:
        assert row.heard is not None
        en, zh = _label(row)
        by_s = row.heard.clock_off_s
        yield Finding(
            "clock_off_part",
            "bad",
            f"{en}: its machine's clock is {abs(by_s):.1f} s {'ahead of' if by_s > 0 else 'behind'} the database's; "
            "records, tickets and the lease depend on it. There: timedatectl set-ntp true (or chronyc makestep)",
            f"{zh}：其机器的时钟比数据库{'快' if by_s > 0 else '慢'} {abs(by_s):.1f} 秒，会影响记录、登录凭证和租约。"
            "请在该机器上执行：timedatectl set-ntp true（或 chronyc makestep）",
        )
    if rows and not off:
        most_s = max(abs(row.heard.clock_off_s) for row in rows if row.heard is not None)
        yield Finding(
            "clocks",
            "ok",
            f"The machines' clocks agree with the database's within {max(most_s, 0.1):.1f} s",
            f"各机器的时钟与数据库相差不超过 {max(most_s, 0.1):.1f} 秒",
        )


def _disks(rows: Sequence[Row]) -> Iterator[Finding]:
    for row in rows:
        free = row.heard.pulse.disk_free_bytes if row.heard else None
        if free is not None and free < LEAST_FREE_BYTES:
            en, zh = _label(row)
            yield Finding(
                "disk_low_part",
                "bad",
                f"{en}: only {free // 1024**2} MB are free on its data folder's disk: delete or move files there.",
                f"{zh}：数据目录所在磁盘仅剩 {free // 1024**2} MB，请删除或移走文件。",
            )


def _folders(rows: Sequence[Row]) -> Iterator[Finding]:
    uses: dict[str, list[tuple[Row, FolderSeen]]] = defaultdict(list)
    for row in rows:
        assert row.heard is not None
        for name, folder in row.heard.pulse.folders.items():
            uses[name].append((row, folder))
    for name, seen_by in uses.items():
        unwell = [finding for row, folder in seen_by for finding in _folder(name, row, folder)]
        yield from unwell or _is_one(name, seen_by)


def _folder(name: str, row: Row, folder: FolderSeen) -> Iterator[Finding]:
    en, zh = _label(row)
    if folder.hangs:
        yield Finding(
            "folder_hangs",
            "bad",
            f"{en}: the shared folder {name} has not answered for {folder.age_s:.0f} s. Is its server away? Calls go "
            "on, recordings and prompts wait.",
            f"{zh}：共享目录 {name} 已 {folder.age_s:.0f} 秒没有应答，其服务器是否离线？通话不受影响，"
            "录音和提示音在等待。",
        )
    elif folder.problem:
        writing = ("written to", "写入") if folder.can_write is False and folder.mark else ("read", "读取")
        yield Finding(
            "folder_unusable",
            "bad",
            f"{en}: the shared folder {name} cannot be {writing[0]}: {folder.problem}. Is it mounted there, owned by "
            "the account zhiyin (the same uid on all machines), and is there room?",
            f"{zh}：共享目录 {name} 无法{writing[1]}：{folder.problem}。请确认已挂载、属于账户 zhiyin"
            "（各机器 uid 相同）、且有剩余空间。",
        )


def _is_one(name: str, seen_by: Sequence[tuple[Row, FolderSeen]]) -> Iterator[Finding]:
    """A mark that one part wrote must be what all others read."""
    by_mark: dict[str, list[Row]] = defaultdict(list)
    for row, folder in seen_by:
        by_mark[folder.mark].append(row)
    listed = [_listed(rows) for _, rows in sorted(by_mark.items())]
    if len(by_mark) > 1:
        yield Finding(
            "folder_differs",
            "bad",
            f"{name} is not one shared folder: {' | '.join(en for en, _ in listed)} see different ones. Mount the same "
            f"one at DATA/{name} on all these machines, and restart the parts that saw another.",
            f"{name} 不是同一个共享目录：{' | '.join(zh for _, zh in listed)} 看到的不同。"
            f"请在这些机器上把同一个目录挂载到 DATA/{name}，并重启看到其他目录的组件。",
        )
    elif "" in by_mark:
        yield Finding(
            "folder_unmarked",
            "warn",
            f"{name}: no part that writes there has told of itself yet, so nobody knows whether it is shared",
            f"{name}：写入它的组件还没有消息，无法判断是否为同一目录",
        )
    else:
        en, zh = listed[0]
        yield Finding("folder_shared", "ok", f"{name} is one folder for {en}", f"{name} 是同一目录：{zh}")


def _certificates(seen: Seen) -> Iterator[Finding]:
    for host, front in seen.fronts.items():
        if isinstance(front, Silent):
            continue
        if front.certificate_ends_at is None:
            yield Finding(
                "microphone_needs_https",
                "warn",
                f"front {host} speaks plain HTTP: browsers give it no microphone, unless a server with a certificate "
                "stands before it (ZHIYIN_TLS_CERT, ZHIYIN_TLS_KEY).",
                f"前端 {host} 使用明文 HTTP：除非前面有带证书的服务器，否则浏览器不允许使用麦克风"
                "（ZHIYIN_TLS_CERT、ZHIYIN_TLS_KEY）。",
            )
            continue
        days = (front.certificate_ends_at - seen.now).days
        if days >= CERTIFICATE_DAYS:
            yield Finding(
                "certificate_days",
                "ok",
                f"front {host}: its certificate ends in {days} days",
                f"前端 {host} 的证书还有 {days} 天到期",
            )
            continue
        yield Finding(
            "certificate_ends",
            "bad" if days < 0 else "warn",
            f"front {host}: its certificate ends in {days} days. Renew it on front and edge, and restart both.",
            f"前端 {host} 的证书还有 {days} 天到期：请在前端和边缘上更新并重启。",
        )
