"""Write the client's operations from the API's description: a type for each schema, a method for each route that an
API key opens. Standard library only.

    python generate.py ../../web/openapi.json src/zhiyin_client/operations.py
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HEAD = '''"""Generated from the API's description by generate.py; not to be edited.

A type for each schema of the API and a method for each route that an API key opens. Instants are RFC 3339 text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict, cast

from zhiyin_client.core import Core, Upload
'''
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_JSON, _MULTIPART = "application/json", "multipart/form-data"


def write_operations(description: Path, target: Path) -> None:
    """Generate ``target``, replaced in one step."""
    text = generate(json.loads(description.read_text(encoding="utf-8")))
    fresh = target.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(target)


def generate(api: dict[str, Any]) -> str:
    """Return the module's text."""
    parts = [_HEAD]
    for name, schema in sorted(api["components"]["schemas"].items()):
        parts.append(_type(name, schema))
    parts.append('\n\nclass Operations(Core):\n    """The API\'s routes as methods."""\n')
    for path, methods in sorted(api["paths"].items()):
        for method, operation in methods.items():
            if any("apiKey" in way for way in operation.get("security", ())):
                parts.append(_method(path, method.upper(), operation))
    return "".join(parts)


def _type(name: str, schema: dict[str, Any]) -> str:
    """Return a schema as a type: an object with fields is a TypedDict, anything else another name for its form."""
    fields = schema.get("properties", {})
    if not fields or not all(_is_name(field) for field in fields):
        pairs = "".join(f'        "{field}": "{_form(form)}",\n' for field, form in fields.items())
        return f'\n\n{name} = TypedDict("{name}", {{\n{pairs}}}, total=False)\n' if fields else f"\n\n{name} = Any\n"
    required = set(schema.get("required", ()))
    lines = [f"\n\nclass {name}(TypedDict):\n"]
    for field, form in fields.items():
        written = _form(form)
        lines.append(f"    {field}: {written if field in required else f'NotRequired[{written}]'}\n")
    return "".join(lines)


def _form(schema: dict[str, Any]) -> str:  # noqa: PLR0911 - one for each kind
    """Return a schema as a type's expression."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(repr(each) for each in schema['enum'])}]"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(_form(each) for each in schema[key]))
    if len(schema.get("allOf", ())) == 1:
        return _form(schema["allOf"][0])
    kind = schema.get("type")
    if kind == "array":
        return f"list[{_form(schema['items']) if isinstance(schema.get('items'), dict) else 'Any'}]"
    if kind == "object":
        more = schema.get("additionalProperties")
        return f"dict[str, {_form(more) if isinstance(more, dict) and more else 'Any'}]"
    return _PLAIN.get(str(kind), "Any")


def _method(path: str, method: str, operation: dict[str, Any]) -> str:
    """Return one method. What the address holds comes first, everything else by name."""
    name = _snake(operation["operationId"])
    places = {each["name"]: each for each in operation.get("parameters", ()) if each["in"] == "path"}
    queries = {each["name"]: each for each in operation.get("parameters", ()) if each["in"] == "query"}
    body, is_upload = _body(operation)
    arguments = ["self", *(f"{_safe(each)}: {_form(places[each]['schema'])}" for each in places)]
    named = [*_body_argument(body, operation), *(_query_argument(each) for each in queries.values())]
    if is_upload:
        named = ["files: Mapping[str, Upload]", "form: Mapping[str, str] | None = None", *named]
    if named:
        arguments += ["*", *sorted(named, key=lambda each: " = " in each)]
    address = re.sub(r"{(\w+)}", lambda found: "{self.quoted(" + _safe(found[1]) + ")}", path)
    answer = _answer(operation)
    told = (operation.get("description") or operation.get("summary") or name).partition("\n\n")[0]
    words = " ".join(told.split()).replace('"""', "'''").replace("\\", "")
    right = operation.get("x-right", "")
    inner = [f'"{method}"', f'f"{address}"' if places else f'"{address}"']
    if queries:
        inner.append("query={" + ", ".join(f'"{each}": {_safe(each)}' for each in queries) + "}")
    if body:
        inner.append("body=body")
    if is_upload:
        inner.append("files=files, form=form")
    call = f"self.call({', '.join(inner)})"
    lines = [
        f"\n    def {name}(\n        {', '.join(arguments)}\n    ) -> {answer}:\n",
        f'        """{words.rstrip(".")}.{f" Right: {right}." if right else ""}"""\n',
        f"        {call}\n" if answer == "None" else f'        return cast("{answer}", {call})\n',
    ]
    return "".join(lines)


def _body(operation: dict[str, Any]) -> tuple[str, bool]:
    content = operation.get("requestBody", {}).get("content", {})
    if _JSON in content:
        return _form(content[_JSON]["schema"]), False
    return "", _MULTIPART in content


def _body_argument(body: str, operation: dict[str, Any]) -> Iterator[str]:
    if body:
        yield f"body: {body}" if operation["requestBody"].get("required") else f"body: {body} | None = None"


def _query_argument(parameter: dict[str, Any]) -> str:
    form = _form(parameter["schema"])
    if parameter.get("required"):
        return f"{_safe(parameter['name'])}: {form}"
    return f"{_safe(parameter['name'])}: {form if form.endswith('None') else f'{form} | None'} = None"


def _answer(operation: dict[str, Any]) -> str:
    for status, answer in operation["responses"].items():
        if str(status).startswith("2"):
            content = answer.get("content", {})
            if _JSON in content:
                return _form(content[_JSON].get("schema", {}))
            return "bytes" if content else "None"
    return "Any"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _safe(name: str) -> str:
    """Return a parameter's name as Python can take it ("from" is a word of its own)."""
    return name if _is_name(name) else f"{name}_"


if __name__ == "__main__":
    write_operations(Path(sys.argv[1]), Path(sys.argv[2]))
