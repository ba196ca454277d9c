"""Naming a device by its User-Agent."""

import pytest

from zhiyin.domain.security.devices import Device, read_device

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("text", "device"),
    [
        (WINDOWS, Device("Chrome", "Windows", is_mobile=False)),
        (f"{WINDOWS} Edg/140.0", Device("Edge", "Windows", is_mobile=False)),
        (f"{PHONE} Version/18.5 Mobile Safari/604.1", Device("Safari", "iPhone", is_mobile=True)),
        (f"{PHONE} Mobile MicroMessenger/8.0", Device("微信", "iPhone", is_mobile=True)),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", Device("Firefox", "Linux", is_mobile=False)),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Safari/537", Device("Chrome", "Android", is_mobile=True)),
        ("curl/8.5", Device("", "", is_mobile=False)),
    ],
)
def test_a_device_is_named_as_its_owner_would(text: str, device: Device) -> None:
    assert read_device(text) == device
