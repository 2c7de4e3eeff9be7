"""What hubtui and its worker processes say to each other: the schema of the wire, shared by both sides.

Each kind of worker has one union for what it is asked and one for what it answers (those of the tokenizer processes are
in `tokenizer_messages`). Every request carries an `id` (live
typing: a `generation`) that its answers repeat, so that a late answer is told from a wanted one.
"""

from __future__ import annotations

import msgspec

from hubtui.core.results import RunOutcome, RunRequest, RunStage
from hubtui.core.structure import Head, Structure


class Message(msgspec.Struct, frozen=True, tag=True):
    """One message; the name of its class goes over the wire as its tag."""


class Ready(Message, frozen=True):
    """The child has imported what it stands on and waits for requests.

    Attributes:
        versions: library → version of what was imported, empty when nothing was.
    """

    pid: int
    versions: dict[str, str] = {}


class Failed(Message, frozen=True):
    """A request failed; the process lives on.

    Attributes:
        id: of the request (the generation for live typing).
        kind: name of the `core.errors` class to raise for it.
        message: one sentence.
        hint: the next step, or empty.
    """

    id: int
    kind: str
    message: str
    hint: str = ""


# -- the structure process ---------------------------------------------------------------------------------------------


class BuildStructure(Message, frozen=True):
    """Build a model without weights; answered by `StructureBuilt`.

    Attributes:
        config: config.json as text.
        head: class or Auto class; the one that the config names when empty.
    """

    id: int
    model: str
    config: str
    head: str = ""


class StructureBuilt(Message, frozen=True):
    """The model, described."""

    id: int
    structure: Structure


class ListHeads(Message, frozen=True):
    """Build every class that the config can be loaded as; answered by `HeadsListed`."""

    id: int
    model: str
    config: str


class HeadsListed(Message, frozen=True):
    """The classes."""

    id: int
    heads: list[Head]


StructureRequest = BuildStructure | ListHeads
StructureAnswer = Ready | StructureBuilt | HeadsListed | Failed


# -- the inference process ---------------------------------------------------------------------------------------------


class Run(Message, frozen=True):
    """Run, loading first where needed; answered by `Stage`, `Delta`, and `Done` or `Failed`."""

    id: int
    request: RunRequest


class Cancel(Message, frozen=True):
    """Stop that run between tokens; it answers `Failed` with kind `CancelledError`, or `Done` if it was ahead."""

    id: int


class Kill(Message, frozen=True):
    """End the process that holds the checkpoint, whatever it is doing; the run answers `Failed`."""

    id: int


class Stage(Message, frozen=True):
    """What the run is at."""

    id: int
    stage: RunStage


class Delta(Message, frozen=True):
    """Text that was generated since the last one."""

    id: int
    text: str


class Done(Message, frozen=True):
    """The run is over and gave this."""

    id: int
    outcome: RunOutcome


InferenceRequest = Run | Cancel | Kill
InferenceAnswer = Ready | Stage | Delta | Done | Failed
