"""The built front end: pages with a nonce of their own, assets that browsers keep for ever, and the headers of both."""

from __future__ import annotations

import gzip
import html
import mimetypes
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

NONCE_PLACE = b"__CSP_NONCE__"
#: Pages with a name of their own; every other path without a file is the desk's, whose router knows it.
PAGES = {"call-us": "call-us.html"}
EMBEDDED_TELEPHONE = "embedded-telephone.html"
#: Scripts that pages of other origins include.
SHARED = frozenset({"zhiyin-telephone.js"})
#: Files in here carry a hash of their content in their name.
HASHED = "assets/"
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
_COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/manifest+json")

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("font/woff2", ".woff2")


@dataclass(frozen=True, slots=True)
class _File:
    """One file as last read; ``changed_at_ns`` tells when it must be read again."""

    changed_at_ns: int
    content: bytes
    zipped: bytes | None
    kind: str
    tag: str


class Pages:
    """Serves the folder of the built front end, which may also be built while we run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._files: dict[Path, _File] = {}

    async def __call__(self, request: Request) -> Response:
        name = request.path_params.get("path", "")
        path = self._find(name)
        if path is not None and path.suffix != ".html":
            keep = FOR_EVER if name.startswith(HASHED) else ASK_AGAIN
            return self._send(request, self._read(path), keep, is_shared=name in SHARED)
        if path is None and (name.startswith(HASHED) or "." in name.rsplit("/", 1)[-1]):
            return Response("Not found\n", status_code=404, media_type="text/plain")
        page = self._folder / PAGES.get(name.split("/", 1)[0].removesuffix(".html"), "index.html")
        if not page.is_file():
            return _not_built()
        return self._page(request, self._read(page))

    async def telephone(self, request: Request, embedders: Sequence[str]) -> Response:
        """Return the telephone's page; pages of ``embedders`` alone may show it in a frame."""
        page = self._folder / EMBEDDED_TELEPHONE
        return self._page(request, self._read(page), embedders) if page.is_file() else _not_built()

    def _find(self, name: str) -> Path | None:
        """Return the file of that name, never one outside the folder nor a hidden one."""
        if "\0" in name or any(part.startswith(".") for part in name.split("/")):
            return None
        path = (self._folder / name).resolve()
        return path if path.is_relative_to(self._folder) and path.is_file() else None

    def _read(self, path: Path) -> _File:
        changed_at_ns = path.stat().st_mtime_ns
        known = self._files.get(path)
        if known is not None and known.changed_at_ns == changed_at_ns:
            return known
        content = path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        zipped = gzip.compress(content, 6, mtime=0) if kind.startswith(_COMPRESSED) and len(content) > 1000 else None
        tag = f'"{sha256(content).hexdigest()[:20]}"'
        file = self._files[path] = _File(changed_at_ns, content, zipped, kind, tag)
        return file

    def _send(self, request: Request, file: _File, keep: str, *, is_shared: bool) -> Response:
        headers = {"Cache-Control": keep, "ETag": file.tag, "Vary": "Accept-Encoding"}
        if is_shared:
            headers |= {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
        if request.headers.get("if-none-match") == file.tag:
            return Response(status_code=304, headers=headers)
        content = file.content
        if file.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            content = file.zipped
            headers["Content-Encoding"] = "gzip"
        return Response(content, media_type=file.kind, headers=headers)

    def _page(self, request: Request, file: _File, embedders: Sequence[str] = ()) -> Response:
        nonce = secrets.token_urlsafe(16)
        content = file.content.replace(NONCE_PLACE, nonce.encode())
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": content_policy(request, nonce, embedders)}
        return Response(content, media_type="text/html", headers=headers)


def content_policy(request: Request, nonce: str, embedders: Sequence[str] = ()) -> str:
    """Return the page's policy: all from us, scripts and styles by nonce; the socket is named for old Safaris.

    Nobody but ``embedders`` may show the page in a frame.
    """
    scheme = "wss" if request.url.scheme == "https" else "ws"
    host = request.headers.get("host", "")
    socket = f" {scheme}://{host}" if host.replace(":", "").replace(".", "").replace("-", "").isalnum() else ""
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{nonce}'",
        "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "media-src": "'self' blob:",
        "connect-src": f"'self'{socket}",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(embedders) or "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _not_built() -> Response:
    command = html.escape("cd web && npm ci && npm run build")
    page = f"""<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>知音 Zhiyin</title>
<h1>前端还没有构建</h1><p>服务已在运行,但网页文件还没有生成。请在源码目录运行 <code>./dev run</code>,或:</p>
<pre>{command}</pre>
<h1 lang="en">The front end is not built</h1>
<p lang="en">The server runs, but its pages have not been made yet. Run <code>./dev run</code> in the source
folder, or the command above.</p></html>
"""
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
    return Response(page, status_code=503, media_type="text/html", headers=headers)
