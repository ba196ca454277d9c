"""The command behind ``./dev new-app``: writes the files, enters the app where apps are listed, makes its migration."""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from pathlib import Path
from string import Template

from zhiyin.config.new_app.templates import TEMPLATES

_PACKAGE = Path(__file__).parents[2]
_SETTINGS = _PACKAGE / "config" / "settings.py"
_API = _PACKAGE / "config" / "api.py"
_PROJECT = _PACKAGE.parent / "pyproject.toml"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev new-app", description="Make a Django app. 新建 Django 应用。")
    parser.add_argument("app", help="its folder, a plural in small letters: surveys 目录名,小写复数")
    parser.add_argument("noun", help="its first model: Survey 第一个模型名")
    given = parser.parse_args()
    if not re.fullmatch(r"[a-z][a-z_]{2,30}", given.app) or not re.fullmatch(r"[A-Z][A-Za-z]{2,30}", given.noun):
        parser.error("give a folder such as surveys and a model such as Survey 例如:surveys Survey")
    folder = _PACKAGE / "apps" / given.app
    if folder.exists():
        parser.error(f"{folder} exists 已存在")
    write_app(folder, app=given.app, noun=given.noun)
    enter_app(app=given.app)
    protect_models(app=given.app)
    make_migration(app=given.app)
    sys.stdout.write(
        f"zhiyin/apps/{given.app} stands. Now say in its docstrings what it is for, and: ./dev fix && ./dev check\n"
        f"已生成 zhiyin/apps/{given.app}。请在文档字符串中说明它的用途,然后执行:./dev fix && ./dev check\n"
    )
    return 0


def write_app(folder: Path, *, app: str, noun: str) -> None:
    """Write every template with its words filled in."""
    one = re.sub(r"(?<!^)(?=[A-Z])", " ", noun).lower()
    many = app.replace("_", " ")
    words = {
        "app": app,
        "noun": noun,
        "nouns": "".join(part.title() for part in app.split("_")),
        "one": one,
        "many": many,
        "Many": many.capitalize(),
        "Label": "".join(part.title() for part in app.split("_")),
        "table": one.replace(" ", "_"),
        "plural": app,
        "path": app.replace("_", "-"),
    }
    for name, text in TEMPLATES.items():
        file = folder / Template(name).substitute(words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(text).substitute(words), encoding="utf-8")


def enter_app(*, app: str) -> None:
    """Add it to INSTALLED_APPS and its router to the API."""
    settings = _SETTINGS.read_text()
    head, rest = settings.split("INSTALLED_APPS = [", 1)
    listed, tail = rest.split("\n]", 1)
    _SETTINGS.write_text(f'{head}INSTALLED_APPS = [{listed}\n    "zhiyin.apps.{app}",\n]{tail}')
    api = _API.read_text()
    imported = f"from zhiyin.apps.{app}.api import router as {app}_router\n"
    api = api.replace("\nlog = structlog", f"{imported}\nlog = structlog", 1)
    last = list(re.finditer(r"^api\.add_router\(.*\)\n", api, re.MULTILINE))[-1]
    added = f'api.add_router("/{app.replace("_", "-")}", {app}_router)\n'
    _API.write_text(api[: last.end()] + added + api[last.end() :])


def protect_models(*, app: str) -> None:
    """Write the contract that only the app itself imports its models."""
    with _PROJECT.open("a") as project:
        project.write(
            f"""
[[tool.importlinter.contracts]]
name = "The models of {app} are its own"
type = "protected"
protected_modules = ["zhiyin.apps.{app}.models"]
allowed_importers = ["zhiyin.apps.{app}"]
ignore_imports = ["zhiyin.apps.*.tests.* -> zhiyin.apps.*.models"]
unmatched_ignore_imports_alerting = "none"
"""
        )


def make_migration(*, app: str) -> None:
    """Let Django write the first migration; it needs no database for that."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyin.config.settings")
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
    import django  # noqa: PLC0415 - the settings must list the app first
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("makemigrations", app, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
