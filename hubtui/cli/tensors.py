"""`hubtui show --tensors`: the tensors of a model, as text and JSON."""

from __future__ import annotations

from typing import Any

from hubtui.cli.output import note, print_facts, print_line, print_table
from hubtui.core.numbers import count_text, size_text
from hubtui.core.tensors import TensorNode, Tensors, Total

_SHOWN_METADATA = 40


def tensors_document(tensors: Tensors) -> dict[str, Any]:
    """Return the key `tensors` of `show --json`; shapes are the file's own (of GGUF the fastest dimension first)."""
    return {
        "format": tensors.format,
        "total": _total_document(tensors.total),
        "by_dtype": {total.name: _total_document(total) for total in tensors.by_dtype()},
        "by_layer": {total.name: _total_document(total) for total in tensors.by_layer()},
        "files": [
            {
                "path": file.path,
                "size": file.size_bytes,
                "header_bytes": file.header_bytes,
                "tensors": len(file.tensors),
            }
            for file in tensors.files
        ],
        "metadata": {key: value.text for key, value in tensors.metadata.items()},
        "tensors": [
            {
                "name": entry.name,
                "dtype": entry.tensor.dtype,
                "shape": list(entry.tensor.shape),
                "bytes": entry.tensor.size_bytes,
                "file": entry.file,
            }
            for entry in tensors.entries
        ],
        "problems": list(tensors.problems),
    }


def _total_document(total: Total) -> dict[str, int]:
    return {"tensors": total.tensors, "parameters": total.parameters, "bytes": total.size_bytes}


def print_tensors(tensors: Tensors) -> None:
    """Print the tensors for people: totals, then the tree with alike layers drawn together."""
    total = tensors.total
    dtypes = ", ".join(f"{count_text(part.parameters)} {part.name}" for part in tensors.by_dtype())
    files = f"{len(tensors.files)} files" if len(tensors.files) > 1 else tensors.files[0].path
    print_facts(
        {
            "tensors": f"{total.tensors:,} in {files}",
            "parameters": f"{count_text(total.parameters)} ({dtypes})",
            "weights": size_text(total.size_bytes),
        }
    )
    print_line()
    print_table([_row(label, node) for label, node in _lines(tensors.tree, 0)], right=frozenset({1, 2}))
    if tensors.metadata:
        print_line()
        shown = list(tensors.metadata.items())[:_SHOWN_METADATA]
        print_facts({key: value.text.partition("\n")[0][:100] for key, value in shown})
    for problem in tensors.problems:
        note(problem)


def _lines(node: TensorNode, depth: int) -> list[tuple[str, TensorNode]]:
    """The tree below a node; a module with one tensor stands with it on one line."""
    found = []
    for name, branch in node.branches(fold=True):
        found += [("  " * depth + name, branch), *_lines(branch, depth + 1)]
    return found


def _row(label: str, node: TensorNode) -> list[str]:
    total, leaf = node.total, node.leaf
    shape = "×".join(map(str, leaf.tensor.shape)) or "scalar" if leaf else ""
    times = f"{node.repeats} alike" if node.repeats > 1 else ""
    dtypes = " ".join(node.dtypes)
    return [label, count_text(total.parameters), size_text(total.size_bytes), dtypes, shape or times]
