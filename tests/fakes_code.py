"""A Hub on which a model brings Python of its own, in two versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hubtui.core.authors import Author
from hubtui.core.checkpoint import file_format, weight_formats
from hubtui.core.errors import HubtuiError, RevisionNotFoundError
from hubtui.core.models import FileEntry, ModelFacts, Ref, Safety
from tests.fake_rows import NOW, ROWS, facts_of
from tests.fakes import FakeHub

MODEL = ROWS[0].id
OLD, NEW, OTHER = "a" * 40, "b" * 40, "e" * 40

CONFIG: Mapping[str, Any] = {
    "model_type": "odd",
    "auto_map": {"AutoConfig": "configuration_odd.OddConfig", "AutoModel": "modeling_odd.OddModel"},
}
FILES: Mapping[str, str] = {
    "config.json": "{}",
    "model.safetensors": "x" * 80,
    "configuration_odd.py": (
        "from transformers import PretrainedConfig\n\n\nclass OddConfig(PretrainedConfig):\n    pass\n"
    ),
    "modeling_odd.py": (
        "import torch\nfrom .configuration_odd import OddConfig\nfrom .layers import Layer\n\n\n"
        "class OddModel:\n    def forward(self, x):\n        return x + 2\n"
    ),
    "layers.py": "import os\n\n\nclass Layer:\n    pass\n",
    "train.py": "print('never asked for')\n",
}
OLD_FILES: Mapping[str, str] = {**FILES, "modeling_odd.py": FILES["modeling_odd.py"].replace("x + 2", "x + 1")}


def code_facts(
    files: Mapping[str, str] = FILES, config: Mapping[str, Any] = CONFIG, commit: str = NEW, **more: Any
) -> ModelFacts:
    """Return the facts of a model that holds some files."""
    entries = tuple(FileEntry(path, len(text.encode()), format=file_format(path)) for path, text in files.items())
    has_code = "auto_map" in config
    facts = replace(
        facts_of(ROWS[0]),
        revision="main",
        commit=commit,
        config=config,
        files=entries,
        formats=weight_formats(files),
        updated=NOW,
        safety=Safety("safe", custom_code=has_code),
    )
    return replace(facts, **more)


@dataclass
class CodeHub(FakeHub):
    """Answers for `MODEL` at two commits, and for the models in `others`."""

    files: Mapping[str, str] = field(default_factory=lambda: FILES)
    config: Mapping[str, Any] = field(default_factory=lambda: CONFIG)
    others: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    has_old: bool = True
    read_error: HubtuiError | None = None
    author_error: HubtuiError | None = None
    revisions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def facts(self, model: str, revision: str | None = None) -> ModelFacts:
        """Return the facts of a model at a commit, or at a revision with the files that were set for it."""
        self._answer()
        self.asked.append(f"facts {model} {revision or ''}".strip())
        if model in self.others:
            return replace(code_facts(self.others[model], {}, OTHER), id=model)
        if revision and revision in self.revisions:
            return code_facts(dict.fromkeys(self.revisions[revision], ""), {}, OTHER)
        if revision == OLD:
            if not self.has_old:
                raise RevisionNotFoundError(f"{model} has no revision {OLD[:7]}.")
            return code_facts(OLD_FILES, self.config, OLD)
        return code_facts(self.files, self.config, **self.more)

    def read_bytes(self, facts: ModelFacts, path: str, *, offset: int = 0, length: int) -> bytes:
        """Return part of a file that was set."""
        if self.read_error is not None:
            raise self.read_error
        self.asked.append(path)
        files = self.others.get(facts.id) or (OLD_FILES if facts.commit == OLD else self.files)
        return files[path].encode()[offset : offset + length]

    def read_text(self, facts: ModelFacts, path: str, *, max_bytes: int = 1 << 20) -> str:
        """Return the beginning of a file that was set."""
        return self.read_bytes(facts, path, length=max_bytes).decode()

    def author(self, name: str) -> Author | None:
        """Return an organisation, or fail."""
        if self.author_error is not None:
            raise self.author_error
        return super().author(name)

    def refs(self, model: str) -> tuple[Ref, ...]:
        """Return the revisions that were set."""
        del model
        self._answer()
        kinds = {name: "pull request" if name.startswith("refs/pr/") else "branch" for name in self.revisions}
        return (Ref("main", "branch", NEW), *(Ref(name, kind, OTHER) for name, kind in kinds.items()))
