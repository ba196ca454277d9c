"""Filling in the product's drawers as a person does."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, Page, expect

_DAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


def drawer(page: Page) -> Locator:
    return page.get_by_role("dialog")


async def choose(page: Page, field: Locator, words: str) -> None:
    """Choose from a field's list as somebody who types does."""
    await field.click()
    await page.locator(".ant-select-dropdown:visible").get_by_title(words, exact=True).click()


async def save(page: Page) -> None:
    """Save what stands in the drawer; returns when it is closed."""
    await drawer(page).get_by_role("button", name="保存", exact=True).click()
    await expect(drawer(page)).to_have_count(0)


async def make_department(page: Page, *, department: str, team: str) -> None:
    """On the page of the organisation: a department with a team."""
    await page.get_by_role("button", name="新建部门").first.click()
    await drawer(page).get_by_label("名称").fill(department)
    await save(page)
    await page.get_by_role("tree").get_by_text(department).click()
    await page.get_by_role("button", name="新建班组").click()
    await drawer(page).get_by_label("名称").fill(team)
    await save(page)
    await expect(page.get_by_role("tree").get_by_text(team)).to_be_visible()


async def make_user(page: Page, *, name: str, username: str, password: str, role: str, team: str) -> None:
    """On the page of users. The new one's log-in data stand on the page afterwards."""
    await page.get_by_role("button", name="新建用户").click()
    await drawer(page).get_by_label("姓名").fill(name)
    await drawer(page).get_by_label("用户名").fill(username)
    await drawer(page).get_by_label("初始密码").fill(password)
    await choose(page, drawer(page).get_by_label("角色"), role)
    await choose(page, drawer(page).get_by_label("班组"), team)
    await drawer(page).get_by_role("button", name="保存").click()
    await expect(page.get_by_role("dialog", name="登录信息")).to_contain_text(username)


def _today() -> str:
    return _DAYS[datetime.now(ZoneInfo("Asia/Shanghai")).weekday()]


async def close_today(page: Page) -> None:
    """Take away every span of today."""
    spans = page.get_by_role("button", name=re.compile(f"^去掉{_today()}"))
    while await spans.count():
        await spans.first.click()


async def open_all_day(page: Page) -> None:
    await close_today(page)
    await page.get_by_role("button", name=f"{_today()}添加一段").click()
    await page.get_by_label(f"{_today()}开始").last.fill("00:00")
    await page.get_by_label(f"{_today()}结束").last.fill("24:00")
