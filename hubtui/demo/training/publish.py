"""Writes a finished checkpoint into `hubtui/demo/repos/`: files, history, `repo.json`."""

import json
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hubtui.demo.training.cards import first_draft, join_front, split_front

CATALOGUE = Path(__file__).with_name("catalogue.toml")
_LFS = "*.safetensors *.bin *.gguf *.pt *.pth *.ckpt *.onnx *.h5 *.msgpack *.zip *.tar.gz"
GITATTRIBUTES = "".join(f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in _LFS.split())
_FIRST = "Upload a first checkpoint"
WEIGHTS = (".safetensors", ".bin", ".gguf", ".pt", ".index.json")


def catalogue() -> dict[str, dict[str, Any]]:
    """Return what the repos say of themselves beside their files: dates, popularity, gates, pull requests."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


@dataclass
class Repo:
    """One repo being written: `folder` is `repos/<namespace>/<name>`, `facts` its entry in the catalogue."""

    folder: Path
    facts: Mapping[str, Any]

    def publish(self, files: Path, early: Path, card: str | None) -> None:
        """Replace the repo by `files` and `card`; files in `early` are what an earlier commit held in their place."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(files, self.folder / "main")
        for path in (self.folder / "main").rglob("*.safetensors"):
            path.chmod(0o644)  # safetensors writes for its owner alone
        self._write("main/.gitattributes", GITATTRIBUTES)
        if card is not None:
            self._write("main/README.md", card)
            self._write("history/first-card/README.md", first_draft(card))
        changed = sorted(path.name for path in early.iterdir() if self._differs(path))
        for name in changed:
            self._write(f"history/early/{name}", (early / name).read_bytes())
        commits = self._commits(changed, card is not None)
        self._write("repo.json", json.dumps(self._record(commits), indent=2, ensure_ascii=False) + "\n")

    def _write(self, path: str, content: str | bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def _differs(self, path: Path) -> bool:
        finished = self.folder / "main" / path.name
        return finished.is_file() and finished.read_bytes() != path.read_bytes()

    def _commits(self, early: Sequence[str], has_card: bool) -> list[dict[str, Any]]:
        files = sorted(
            str(path.relative_to(self.folder / "main")) for path in (self.folder / "main").rglob("*") if path.is_file()
        )
        weights = [name for name in files if name.endswith(WEIGHTS)]
        rest = [name for name in files if name not in weights and name not in (".gitattributes", "README.md")]
        late = [name for name in rest if name.startswith("samples/")]
        puts: list[tuple[str, dict[str, str]]] = [("initial commit", {".gitattributes": "main/.gitattributes"})]
        configs = {
            name: f"history/early/{name}" if name in early else f"main/{name}" for name in rest if name not in late
        }
        trained, rewritten = ([name for name in early if (name in weights) is is_weight] for is_weight in (True, False))
        puts.append(
            (
                "Add configuration and tokenizer",
                configs | ({"README.md": "history/first-card/README.md"} if has_card else {}),
            )
        )
        if trained:
            puts.append(
                (
                    _FIRST,
                    {name: f"history/early/{name}" if name in trained else f"main/{name}" for name in weights},
                )
            )
            puts.append(("Train to the end", {name: f"main/{name}" for name in trained}))
        elif weights:
            puts.append(("Upload weights", {name: f"main/{name}" for name in weights}))
        if rewritten:
            puts.append(("Change the code", {name: f"main/{name}" for name in rewritten}))
        last = {name: f"main/{name}" for name in ([*late, "README.md"] if has_card else late)}
        if last:
            puts.append(("Write the card", last))
        return [self._commit(i, title, put) for i, (title, put) in enumerate(self._split(puts))]

    @staticmethod
    def _split(puts: list[tuple[str, dict[str, str]]]) -> list[tuple[str, dict[str, str]]]:
        """Give a repo that would have two commits a third: its configuration comes before its tokenizer."""
        if len(puts) > 2:
            return puts
        (first, (title, put)) = puts
        config = {name: source for name, source in put.items() if name == "config.json"}
        return [
            first,
            ("Add configuration", config),
            (title, {name: source for name, source in put.items() if name not in config}),
        ]

    def _commit(self, number: int, title: str, put: Mapping[str, str]) -> dict[str, Any]:
        authors: list[str] = ["system", *self.facts["authors"]]
        author = "system" if number == 0 else authors[1 + (number - 1) % (len(authors) - 1)]
        title = self.facts.get("titles", {}).get(title, title)
        return {
            "title": title,
            "message": "",
            "author": author,
            "date": self._date(number),
            "put": dict(put),
            "delete": [],
        }

    def _date(self, number: int) -> str:
        created: datetime = self.facts["created"]
        days = [0, *self.facts["days"]]
        gap = timedelta(days=days[min(number, len(days) - 1)], minutes=37 * number)
        return (created + gap).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def _record(self, commits: list[dict[str, Any]]) -> dict[str, Any]:
        facts, last = self.facts, len(commits) - 1
        month, ever, likes, trending = facts["popularity"]
        return {
            "created": self._date(0),
            "downloads": month,
            "downloads_all_time": ever,
            "likes": likes,
            "trending": trending,
            "gated": facts.get("gated", False),
            "private": facts.get("private", False),
            "disabled": facts.get("disabled", False),
            "renamed_from": facts.get("renamed_from", []),
            "pipeline_tag": facts.get("task"),
            "library": facts.get("library"),
            "commits": commits,
            "tags": self._tags(commits, last),
            "pull_requests": [self._pull_request(facts["pr"], last)] if "pr" in facts else [],
            "discussions": [{"num": 2, "status": "open", "date": self._date(last + 1), **facts["discussion"]}]
            if "discussion" in facts
            else [],
            "security": facts.get("security", {}),
            "inference": facts.get("inference"),
        }

    @staticmethod
    def _tags(commits: Sequence[Mapping[str, Any]], last: int) -> dict[str, int]:
        """The last commit before an early file was replaced, and the head."""
        was_early: set[str] = set()
        tags = {"v1.0": last}
        for number, commit in enumerate(commits):
            if was_early & commit["put"].keys():
                return {"v0.1": number - 1} | tags
            was_early |= {name for name, source in commit["put"].items() if source.startswith("history/early/")}
        return tags

    def _pull_request(self, wanted: Mapping[str, Any], last: int) -> dict[str, Any]:
        path = wanted.get("file", "README.md")
        self._write(f"history/pr-1/{path}", self._changed(path, wanted))
        return {
            "num": 1,
            "title": wanted["title"],
            "author": wanted["author"],
            "date": self._date(last + 1),
            "status": wanted.get("status", "open"),
            "base": last,
            "description": wanted["description"],
            "put": {path: f"history/pr-1/{path}"},
            "delete": [],
        }

    def _changed(self, path: str, wanted: Mapping[str, Any]) -> str:
        """Return the file that a pull request proposes: JSON keys or front matter set, a section added."""
        file = self.folder / "main" / path
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if path.endswith(".json"):
            return json.dumps(json.loads(text or "{}") | wanted["set"], indent=2, ensure_ascii=False) + "\n"
        if "set" in wanted:
            front, body = split_front(text)
            text = join_front(front | wanted["set"], body)
        return text + ("\n" + wanted["add"].strip() + "\n" if "add" in wanted else "")
