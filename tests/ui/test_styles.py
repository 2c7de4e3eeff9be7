"""Styles of widgets: Textual knows a widget by the bare name of its class, wherever the class stands."""

import ast
import re
from collections import Counter
from pathlib import Path

import hubtui.ui

_ROOT = Path(hubtui.ui.__file__).parent


def test_no_widget_is_styled_by_the_name_of_another_one() -> None:
    styled = Counter[str]()
    for path in _ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                css = "".join(ast.unparse(part.value) for part in node.body if _is_css(part) and hasattr(part, "value"))
                styled[node.name] += bool(re.search(rf"(?:^|[\s'\"}}]){node.name}(?:\.[\w-]+|:[\w-]+)*\s*{{", css))
    assert [name for name, count in styled.items() if count > 1] == []


def _is_css(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "DEFAULT_CSS" for target in node.targets
    )
