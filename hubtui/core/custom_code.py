"""The Python that `trust_remote_code=True` would run: which files, and what brings each of them in. Nothing is run."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from hubtui.core.errors import GatedError, HubError
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.names import is_file_path, is_model_id
from hubtui.core.untrusted import clean

MOST_BYTES = 1 << 20
"""Bytes of a file that are read; longer ones are shown cut, and said to be."""

_MOST_FILES = 60
_JSON_CAP = 8 << 20
_AUTO_MAPS = (
    "tokenizer_config.json",
    "preprocessor_config.json",
    "processor_config.json",
    "video_preprocessor_config.json",
)
_GENERATE = "custom_generate/generate.py"
# As transformers' dynamic_module_utils finds them, line by line: a file that it fetches must not be missing here.
_RELATIVE = re.compile(
    r"^[ \t]*from[ \t]+\.(\S*)[ \t]+import[ \t]+(.*)$|^[ \t]*import[ \t]+\.(\S+)[ \t]*$", re.MULTILINE
)
_PACKAGE = re.compile(r"^[ \t]*(?:import|from)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_NAME = re.compile(r"[\w-]+(\.[\w-]+)*")


class CodeSource(Protocol):
    """What looking for code asks of a Hub."""

    def facts(self, model: str, revision: str | None = None) -> ModelFacts:
        """Return the facts of a revision."""

    def read_bytes(self, facts: ModelFacts, path: str, *, offset: int = 0, length: int) -> bytes:
        """Return part of a file."""


@dataclass(frozen=True, slots=True)
class CodeFile:
    """One Python file that a load would run.

    Attributes:
        path: in its repo.
        repo: the other model that it lies in, empty for the model's own.
        commit: the commit of that repo that was read, empty for a folder.
        brought_by: what brings it in: `AutoModel`, `modeling_x.py`.
        size: bytes, None when unknown.
        digest: sha256 of what was read, empty when it was not.
        text: as it is stored (untrusted), from its beginning.
        packages: what it imports that is no file of the repo, by name.
    """

    path: str
    repo: str = ""
    commit: str = ""
    brought_by: tuple[str, ...] = ()
    size: int | None = None
    digest: str = ""
    text: str = ""
    packages: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The path, after `repo--` where it lies in another repo, as `auto_map` writes it."""
        return f"{self.repo}--{self.path}" if self.repo else self.path

    @property
    def is_cut(self) -> bool:
        """Whether `text` is only the beginning."""
        return (self.size or 0) > MOST_BYTES


@dataclass(frozen=True, slots=True)
class CustomCode:
    """All that a load would run.

    Attributes:
        commit: of the model that was looked at.
        idle: Python files of the repo that nothing names.
        problems: what is named but could not be read, and why, a sentence each.
    """

    files: tuple[CodeFile, ...] = ()
    commit: str = ""
    idle: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        """Bytes of all files whose size is known."""
        return sum(file.size or 0 for file in self.files)

    @property
    def repos(self) -> tuple[str, ...]:
        """The other models that code comes from."""
        return tuple(dict.fromkeys(file.repo for file in self.files if file.repo))

    @property
    def packages(self) -> tuple[str, ...]:
        """What the files import besides each other, by name."""
        return tuple(sorted({name for file in self.files for name in file.packages}))


def read_code(hub: CodeSource, facts: ModelFacts, commits: Mapping[str, str] | None = None) -> CustomCode:
    """Find and read the code that a load of a revision would run; what cannot be read is told in `problems`.

    Args:
        hub: answers for the model, and for the others whose code it names.
        facts: of the model.
        commits: other model → commit of its code; its main branch where none is given, as transformers takes it.
    """
    search = _Search(hub, facts, commits or {})
    if facts.config_problem and not facts.gated:
        search.problems.append(facts.config_problem)
    for name, by in _named(search.document("config.json"), "config.json"):
        search.want_class(name, by)
    for file in _AUTO_MAPS:
        for name, by in _named(search.document(file), file):
            search.want_class(name, by)
    for path, by in _of_pipelines(search):
        search.want("", path, by)
    if _GENERATE in search.paths(""):
        search.want("", _GENERATE, "loading a model that generates")
    return search.run()


def _named(document: Mapping[str, Any], file: str) -> Iterator[tuple[str, str]]:
    """Yield the classes that a JSON file of transformers names, and what loads each."""
    auto_map = document.get("auto_map")
    if file == "tokenizer_config.json" and isinstance(auto_map, list):
        auto_map = {"AutoTokenizer": auto_map}
    for auto_class, value in auto_map.items() if isinstance(auto_map, dict) else ():
        # a list: of the slow and the fast tokenizer; an object: of an image processor's backends
        values = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else [value]
        for name in values:
            if isinstance(name, str):
                yield name, clean(str(auto_class))
    pipelines = document.get("custom_pipelines")
    for task, pipeline in pipelines.items() if isinstance(pipelines, dict) else ():
        name = pipeline.get("impl") if isinstance(pipeline, dict) else None
        if isinstance(name, str):
            yield name, f"pipeline {clean(str(task))}"


def _of_pipelines(search: _Search) -> Iterator[tuple[str, str]]:
    """Yield the files that sentence-transformers (`modules.json`) and diffusers (`model_index.json`) would run."""
    known = search.paths("")
    modules = search.json("modules.json")
    for module in modules if isinstance(modules, list) else ():
        kind = module.get("type") if isinstance(module, dict) else None
        if isinstance(kind, str) and (path := _file_of(kind.rpartition(".")[0])) in known:
            yield path, "SentenceTransformer"
    for part, stated in search.document("model_index.json").items():
        if isinstance(stated, list) and stated and isinstance(stated[0], str):
            path = _file_of(stated[0])
            path = path if part == "_class_name" else f"{part}/{path}"
            if path in known:
                yield path, "DiffusionPipeline"


def _file_of(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


@dataclass
class _Search:
    """Follows names to files, and files to what they import."""

    hub: CodeSource
    facts: ModelFacts
    commits: Mapping[str, str]
    problems: list[str] = field(default_factory=list)
    wanted: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _repos: dict[str, ModelFacts | None] = field(default_factory=dict)

    def facts_of(self, repo: str) -> ModelFacts | None:
        """Return the facts of the model, or of another one; None when those cannot be had."""
        if not repo:
            return self.facts
        if repo not in self._repos:
            try:
                self._repos[repo] = self.hub.facts(repo, self.commits.get(repo))
            except HubError as error:
                self.problems.append(f"The code of {repo} could not be looked up: {error.message}")
                self._repos[repo] = None
        return self._repos[repo]

    def paths(self, repo: str) -> Mapping[str, FileEntry]:
        """Return the files of a repo by their path."""
        facts = self.facts_of(repo)
        return {file.path: file for file in facts.files} if facts else {}

    def json(self, file: str) -> object:
        """Return what a JSON file of the model holds, an empty object when it is missing or broken."""
        entry = self.paths("").get(file)
        if entry is None:
            return {}
        try:
            return json.loads(self.hub.read_bytes(self.facts, file, length=_JSON_CAP))
        except GatedError:
            self.problems.append(
                "Its files are behind a form, so what the Hub does not tell of the code they name is not known."
            )
        except HubError as error:
            self.problems.append(f"{file} could not be read, which may name more: {error.message}")
        except (ValueError, RecursionError):
            self.problems.append(f"{file} is no JSON, so what it names is not known.")
        return {}

    def document(self, file: str) -> Mapping[str, Any]:
        """Return a JSON object of the model."""
        found = self.facts.config if file == "config.json" else self.json(file)
        return found if isinstance(found, dict) else {}

    def want_class(self, name: str, by: str) -> None:
        """Want the file of a class that is named as `module.Class` or `other/model--module.Class`."""
        repo, _, rest = name.rpartition("--")
        module = rest.rpartition(".")[0]
        if (repo and not is_model_id(repo)) or not _NAME.fullmatch(module):
            self.problems.append(f"{by} names “{clean(name)[:120]}”, which is no class of a repo.")
            return
        self.want("" if repo == self.facts.id else repo, _file_of(module), by)

    def want(self, repo: str, path: str, by: str) -> None:
        """Remember a file and what brings it in."""
        if len(self.wanted) < _MOST_FILES:
            reasons = self.wanted.setdefault((repo, path), [])
            if by not in reasons:
                reasons.append(by)

    def run(self) -> CustomCode:
        """Read what is wanted, and what that wants."""
        read: dict[tuple[str, str], CodeFile] = {}
        while waiting := [key for key in self.wanted if key not in read]:
            for key in waiting:
                read[key] = self._read(*key)
        if len(self.wanted) == _MOST_FILES:
            self.problems.append(f"More than {_MOST_FILES} files are imported; the rest is not listed.")
        files = [
            replace(file, brought_by=tuple(self.wanted[key]))
            for key, file in read.items()
            if file.path in self.paths(file.repo)
        ]
        own = {file.path for file in files if not file.repo}
        idle = tuple(path for path in self.paths("") if path.endswith(".py") and path not in own)
        return CustomCode(tuple(files), self.facts.commit, idle, tuple(dict.fromkeys(self.problems)))

    def _read(self, repo: str, path: str) -> CodeFile:
        facts, entry = self.facts_of(repo), self.paths(repo).get(path)
        by = ", ".join(self.wanted[repo, path])
        if facts is None or entry is None or not is_file_path(path):
            if facts is not None:
                self.problems.append(f"{by} names {path}, which {facts.id} does not have{_here(facts)}.")
            return CodeFile(path, repo)
        try:
            content = self.hub.read_bytes(facts, path, length=MOST_BYTES)
        except HubError as error:
            self.problems.append(f"{path} could not be read: {error.message}")
            return CodeFile(path, repo, facts.commit, size=entry.size)
        text = content.decode("utf-8", "replace")
        for module in _imported(path, text, self.paths(repo)):
            self.want(repo, module, path)
        packages = tuple(sorted(set(_PACKAGE.findall(text))))
        digest = hashlib.sha256(content).hexdigest()
        return CodeFile(
            path,
            repo,
            facts.commit,
            size=len(content) if entry.size is None else entry.size,
            digest=digest,
            text=text,
            packages=packages,
        )


def _here(facts: ModelFacts) -> str:
    return " in the cache" if facts.from_cache else ""


def _imported(path: str, text: str, known: Mapping[str, FileEntry]) -> Iterator[str]:
    """Yield the files that a file imports by `from .x import y`; of a package its `__init__.py`."""
    folder = path.rpartition("/")[0]
    for match in _RELATIVE.finditer(text):
        module = match[1] if match[1] is not None else match[3]
        names = [module] if module.strip(".") else [f"{module}{name.strip()}" for name in (match[2] or "").split(",")]
        for name in names:
            stem = name.lstrip(".")
            above = folder.split("/") if folder else []
            above = above[: max(0, len(above) - (len(name) - len(stem)))]
            stem = stem.split(" ")[0].strip("()")
            if not _NAME.fullmatch(stem):
                continue
            base = "/".join([*above, *stem.split(".")])
            package = f"{base}/__init__.py"
            yield package if package in known and f"{base}.py" not in known else f"{base}.py"
