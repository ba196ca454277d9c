"""The HTTP API as a logged-in person uses it: a cookie, the CSRF header, JSON."""

from __future__ import annotations

from typing import Any, Self

import httpx

from tests.harness.product import DEMO_PASSWORD, Product

ADMINISTRATOR = "admin"
LEAD = "2001"


class Api:
    """One login of the demo company. Whatever is not a success raises, with what the API said."""

    def __init__(self, product: Product, username: str) -> None:
        self._client = httpx.Client(
            base_url=f"{product.url}/api",
            timeout=40,  # a machine of two cores with three tests at once stands still for seconds
            verify=False,  # its own certificate
            headers={"Referer": f"{product.url}/"},  # over HTTPS the CSRF check asks for it
        )
        self.read("/session")  # sets the cookie that the login must carry
        self.ask("POST", "/session", {"company": "demo", "username": username, "password": DEMO_PASSWORD})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send a request; return the JSON of the answer, or None where there is none."""
        answer = self._send(method, path, json=body)
        return answer.json() if answer.content else None

    def read(self, path: str, **query: object) -> Any:
        return self._send("GET", path, params={name: str(value) for name, value in query.items()}).json()

    def items(self, path: str, **query: object) -> list[dict[str, Any]]:
        """Return the rows of a list."""
        content = self.read(path, page_size=100, **query)
        rows: list[dict[str, Any]] = content if isinstance(content, list) else content["items"]
        return rows

    def content(self, path: str) -> bytes:
        return self._send("GET", path).content

    def send_file(self, path: str, fields: dict[str, str], *, name: str, content: bytes) -> Any:
        """Upload a file beside the fields of a form; return the JSON of the answer."""
        return self._send("POST", path, data=fields, files={"file": (name, content)}).json()

    def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"X-CSRFToken": self._client.cookies.get("zhiyin_csrf") or ""}
        answer = self._client.request(method, path, headers=headers, **given)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer
