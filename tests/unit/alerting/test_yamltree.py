from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerting.yamltree import MAX_CHARACTERS, MAX_DEPTH, YamlError, read_yaml


def test_scalars_are_read_as_yaml_1_2_does() -> None:
    tree = read_yaml("[NO, on, yes, true, False, null, ~, 12, -3, 0.5, '12', \"true\", 1e5, 0x1F, ١٢]")
    assert tree.plain() == ["NO", "on", "yes", True, False, None, None, 12, -3, 0.5, "12", "true", "1e5", "0x1F", "١٢"]


def test_keys_are_text_and_an_empty_value_is_null() -> None:
    assert read_yaml("1: a\ntrue:\n").plain() == {"1": "a", "true": None}


def test_an_empty_file_is_null() -> None:
    assert read_yaml("# nothing but this\n").plain() is None


def test_each_node_knows_its_line() -> None:
    tree = read_yaml("a:\n  - b: 1\n    c:\n      - d\n      - e\n")
    assert tree.line_at(("a", 0, "c", 1)) == 5
    assert tree.line_at(("a", 0, "c")) == 3
    assert tree.line_at(("a", 0, "missing", "x")) == 2
    assert tree.line_at(("a", 9)) == 1


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "«a» stands twice"),
        ("a: &x 1\nb: *x\n", 1, "anchors"),
        ("a: 1\nb: *x\n", 2, "anchors"),
        ("a: !!python/object:os.system x\n", 1, "tags"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a:\n  ? [x]\n  : y\n", 2, "a key must be a word"),
        ("a: 1\nb: [\n", 3, "not YAML"),
        ("a: 1\n\tb: 2\n", 2, "not YAML"),
        ("a: 1\nb: \x00\n", 2, "not YAML"),
        ('a: "\\UFFFFFFFF"\n', 1, "not YAML"),
        ("%YAML 9.9\n---\na\n", 1, "not YAML"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(YamlError, match=said) as refused:
        read_yaml(text)
    assert refused.value.line == line


def test_depth_is_bounded() -> None:
    assert read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH).items is not None
    for deep in ("[" * 100_000, "- " * 100_000 + "x", "{a: " * 1000):
        with pytest.raises(YamlError, match="deep"):
            read_yaml(deep)


def test_size_is_bounded() -> None:
    with pytest.raises(YamlError, match="divide it"):
        read_yaml("#" * (MAX_CHARACTERS + 1))


scalars = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("abc قصف#:-[]{}\"'\\n", max_size=8)
trees = st.recursive(
    scalars,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.text("abcدهن", min_size=1, max_size=5), below, max_size=4)
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=100)
@given(trees)
def test_json_is_read_as_what_it_says(tree: object) -> None:
    assert read_yaml(json.dumps(tree, ensure_ascii=False)).plain() == tree


@settings(deadline=None, max_examples=300)
@given(st.text("ab:-?[]{}#&*!|>'\"%@` \n\t\\0قف\ufeff\x85\x00\ud800", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_yaml(text)
    except YamlError as error:
        refused = error
    else:
        return
    assert 1 <= refused.line <= len(text.splitlines()) + 1
    assert str(refused)
