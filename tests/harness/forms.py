"""Filling in the product's drawers as a person does."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect


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
