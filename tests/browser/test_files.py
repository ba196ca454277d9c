"""Files in a real browser: a lead imports a GBK file with two bad rows, and undoes it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import LEAD, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import new_context
from tests.harness.desk import log_in
from tests.harness.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

FILE = "\r\n".join(
    [
        "客户名称,手机号码,公司",
        "测试张三丰,13700137001,云帆科技",
        "测试欧阳修,abc,云帆科技",
        ",13700137003,风帆",
        "测试李清照,13700137004,",
    ]
)


async def test_a_gbk_file_with_two_bad_rows_is_imported_and_undone(
    agents_browser: Browser, product: Product, administrator: Api, tmp_path: Path
) -> None:
    file = tmp_path / "客户.csv"
    file.write_bytes(FILE.encode("gbk"))
    context = await new_context(agents_browser, language="zh-CN")
    try:
        page = await context.new_page()
        await log_in(page, f"{product.url}/import?kind=customers", LEAD)
        await page.locator("input[type=file]").set_input_files(file)

        await expect(page.get_by_label("编码")).to_be_visible()
        await expect(page.get_by_text("GBK / GB18030")).to_be_visible()
        await expect(page.get_by_text("测试张三丰")).to_be_visible()
        await look(page, "columns")
        await page.get_by_role("button", name="试运行").click()

        run = page.get_by_role("button", name="导入 2 行")
        await expect(run).to_be_visible(timeout=60_000)
        await expect(page.get_by_text("手机：不是有效的电话号码")).to_be_visible()
        await expect(page.get_by_text("姓名：必填，不能为空")).to_be_visible()
        await look(page, "checked")
        assert await find_barriers(page) == []
        assert administrator.items("/customers", search="测试") == []
        await run.click()

        await expect(page.get_by_text("导入完成")).to_be_visible(timeout=60_000)
        await look(page, "done")
        async with page.expect_download() as download:
            await page.get_by_text("下载错误文件").click()
        errors = tmp_path / "errors.csv"
        await (await download.value).save_as(errors)
        assert [line.rsplit(",", 1)[1] for line in errors.read_text("utf-8-sig").splitlines()] == ["行号", "3", "4"]
        made = administrator.items("/customers", search="测试")
        assert {row["name"] for row in made} == {"测试张三丰", "测试李清照"}

        await page.get_by_role("button", name="撤销导入").click()
        await page.get_by_role("button", name=re.compile("^撤 ?销$")).click()
        await expect(page.get_by_text("导入已撤销")).to_be_visible(timeout=60_000)
        await look(page, "undone")
        assert administrator.items("/customers", search="测试") == []
    finally:
        await context.close()


async def look(page: Page, name: str) -> None:
    """Keep a picture of the step where one is asked for."""
    folder = os.environ.get("ZHIYIN_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder) / f"import-{name}.png", full_page=True)
