"""The inputs and parameters of a run, each in the kind that its task takes; text from a command line is converted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hubtui.core.errors import UsageError
from hubtui.core.models import FileEntry
from hubtui.core.tasks import InputKind, Parameter, RunnableTask


def read_parameters(task: RunnableTask, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a run; text is converted (`"5"`, `"a, b"`, `"yes"`), empty ones are left out.

    Raises:
        UsageError: a name that the task does not take, or a value that is not of its kind.
    """
    known = {parameter.name: parameter for parameter in task.parameters}
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        raise UsageError(
            f"{task.id} takes no parameter {unknown}.", hint=f"It takes: {', '.join(known) or 'no parameters'}."
        )
    return {name: _converted(known[name], value) for name, value in given.items() if not _is_empty(value)}


def read_inputs(task: RunnableTask, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of a run: lists for `lines` and `choices`, also from one text; empty ones are left out.

    Raises:
        UsageError: a required input is missing or empty, or the task has no such input.
    """
    names = [entry.name for entry in task.inputs]
    listed = ", ".join(names)
    for name in given:
        if name not in names:
            raise UsageError(f"{task.id} has no input {name}.", hint=f"It has: {listed}.")
    values: dict[str, Any] = {}
    for entry in task.inputs:
        value = _split(entry.kind, given.get(entry.name))
        if not _is_empty(value):
            values[entry.name] = value
        elif entry.required:
            raise UsageError(f"{task.id} needs something in {entry.name}.", hint=f"It takes: {listed}.")
    return values


def own_pictures(
    task: RunnableTask, inputs: Mapping[str, Any], files: Sequence[FileEntry], is_here: Callable[[str], bool]
) -> dict[str, FileEntry]:
    """Return the inputs that name a picture of the model's own repo, as the examples of a card do; by input.

    A file of this machine (`is_here`) goes before one of the repo.
    """
    by_path = {file.path: file for file in files}
    given = {entry.name: str(inputs.get(entry.name, "")) for entry in task.inputs if entry.kind == "image"}
    return {
        name: by_path[path.removeprefix("./")]
        for name, path in given.items()
        if path.removeprefix("./") in by_path and not is_here(path)
    }


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], ())


def _split(kind: InputKind, value: object) -> object:
    """A list where one is wanted, also from one text."""
    if not isinstance(value, str):
        return list(value) if isinstance(value, tuple) else value
    if kind == "lines":
        return [line.strip() for line in value.splitlines() if line.strip()]
    if kind == "choices":
        return [item.strip() for item in value.split(",") if item.strip()]
    return value


def _converted(parameter: Parameter, value: object) -> object:
    convert, kind = _CONVERTERS[parameter.kind]
    try:
        return convert(value)
    except (KeyError, ValueError, OverflowError, TypeError):
        raise UsageError(f"{parameter.name} must be {kind}, not {value!r}.") from None


def _float(value: object) -> float:
    if isinstance(value, bool):
        raise TypeError
    return float(value)  # type: ignore[arg-type]  # what is not a number or its text is a TypeError


def _int(value: object) -> int:
    number = _float(value)
    if not number.is_integer():
        raise ValueError
    return int(number)


_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def _bool(value: object) -> bool:
    return value if isinstance(value, bool) else _WORDS[str(value).strip().lower()]


def _choices(value: object) -> list[str]:
    items = _split("choices", value)
    if not isinstance(items, list):
        raise TypeError
    return [str(item) for item in items]


_CONVERTERS: Mapping[str, tuple[Callable[[object], object], str]] = {
    "int": (_int, "a whole number"),
    "float": (_float, "a number"),
    "bool": (_bool, "yes or no"),
    "text": (str, "text"),
    "choices": (_choices, "a list, separated by commas"),
}
