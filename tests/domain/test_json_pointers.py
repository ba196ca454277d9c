"""JSON pointers, by the examples of RFC 6901."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.json_pointers import MISSING, is_pointer, resolve

DOCUMENT = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
    "none": None,
}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", DOCUMENT),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
        ("/none", None),
        ("/foo/2", MISSING),
        ("/foo/-", MISSING),
        ("/foo/00", MISSING),
        ("/foo/０", MISSING),
        ("/foo/bar", MISSING),
        ("/none/x", MISSING),
        ("/x", MISSING),
    ],
)
def test_a_pointer_finds_its_value(pointer: str, value: object) -> None:
    assert resolve(DOCUMENT, pointer) is value or resolve(DOCUMENT, pointer) == value


@pytest.mark.parametrize("text", ["foo", "/~", "/~2", "foo/bar", "#/foo"])
def test_what_is_no_pointer_is_refused(text: str) -> None:
    assert not is_pointer(text)
    with pytest.raises(ValueError, match="no JSON pointer"):
        resolve(DOCUMENT, text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(document=JSON, pointer=st.text(alphabet="/~01ab").filter(is_pointer))
def test_any_pointer_into_any_document_has_an_answer(document: object, pointer: str) -> None:
    resolve(document, pointer)


@given(document=st.dictionaries(st.text(), JSON, min_size=1))
def test_every_name_can_be_pointed_at(document: dict[str, object]) -> None:
    for name, value in document.items():
        assert resolve(document, "/" + name.replace("~", "~0").replace("/", "~1")) is value
