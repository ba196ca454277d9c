"""Which browser on which system a User-Agent names, in words that people know their device by. Pure.

Browsers pretend to be one another: the order below is from the one that is named last to those everybody names.
"""

from __future__ import annotations

from typing import NamedTuple


class Device(NamedTuple):
    """Product names; "" where the text does not tell."""

    browser: str
    system: str
    is_mobile: bool


_BROWSERS = (
    ("MicroMessenger/", "微信"),
    ("WeCom", "企业微信"),
    ("DingTalk", "钉钉"),
    ("EdgA/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser/", "QQ 浏览器"),
    ("HuaweiBrowser/", "华为浏览器"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_MOBILE = frozenset({"HarmonyOS", "iPhone", "iPad", "Android"})


def read_device(user_agent: str) -> Device:
    """Return what a User-Agent says; it is the browser's word alone, and proves nothing."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return Device(browser, system, system in _MOBILE)
