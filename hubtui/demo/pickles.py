"""What a pickle imports when it is loaded, found by reading its opcodes and running none of them."""

from __future__ import annotations

import pickletools
import re
import struct
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Literal

Safety = Literal["innocuous", "suspicious", "dangerous"]

_MOST_BYTES = 64 << 20
_ENDINGS = (".bin", ".ckpt", ".dat", ".joblib", ".pickle", ".pkl", ".pt", ".pth")
_INNOCUOUS = re.compile(
    r"collections OrderedDict|collections defaultdict|_codecs encode|"
    r"torch (\w+Storage|Size|device|dtype|float16|float32|bfloat16|int64|int32)|"
    r"torch\._utils _rebuild_(tensor|tensor_v2|parameter|device_tensor_from_numpy)|torch\.storage _load_from_bytes|"
    r"torch\.nn\.parameter Parameter|argparse Namespace|"
    r"numpy(\.core|\._core)?(\.multiarray|\.numeric)? (_reconstruct|ndarray|dtype|scalar)|"
    r"(__builtin__|builtins) (set|frozenset|dict|list|tuple|int|float|bytes|bytearray|complex|slice|range)"
)
_DANGEROUS_MODULES = frozenset(
    {
        "asyncio", "bdb", "code", "commands", "ctypes", "http", "importlib", "multiprocessing", "nt", "os", "pdb",
        "pickle", "pip", "posix", "pty", "requests", "runpy", "shutil", "socket", "subprocess", "sys", "urllib",
        "webbrowser",
    }
)  # fmt: skip
_DANGEROUS_BUILTINS = frozenset(
    {"__import__", "apply", "breakpoint", "compile", "eval", "exec", "getattr", "open", "setattr"}
)


@dataclass(frozen=True, slots=True)
class Import:
    """One name that a pickle asks Python for."""

    module: str
    name: str

    @property
    def safety(self) -> Safety:
        """How much harm the name can do."""
        if _INNOCUOUS.fullmatch(f"{self.module} {self.name}"):
            return "innocuous"
        is_builtin = self.module in {"builtins", "__builtin__"} and self.name in _DANGEROUS_BUILTINS
        return "dangerous" if is_builtin or self.module.partition(".")[0] in _DANGEROUS_MODULES else "suspicious"


def imports_of(path: Path, name: str) -> tuple[Import, ...] | None:
    """Return what loading the file would import, each once; None when the file is no pickle.

    Args:
        path: the file on disk.
        name: its path in the repo, which says whether it may be one.
    """
    if not name.lower().endswith(_ENDINGS):
        return None
    try:
        return _scan(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=1024)
def _scan(path: Path, _mtime_ns: int) -> tuple[Import, ...] | None:
    found: list[Import] = []
    is_pickle = False
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                is_pickle = _follow(file, found)
        else:
            with zipfile.ZipFile(path) as archive:
                for entry in archive.infolist():
                    if entry.filename.endswith(".pkl"):
                        with archive.open(entry) as file:
                            is_pickle = _follow(file, found) or is_pickle
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError):
        pass  # what was found until the archive broke still stands
    return tuple(dict.fromkeys(found)) if is_pickle or found else None


def _follow(file: IO[bytes], found: list[Import]) -> bool:
    """Add what one pickle imports; False when it is none, or breaks off."""
    try:
        _opcodes(file, found)
    except (ValueError, EOFError, IndexError, OverflowError, struct.error):
        return False
    return True


def _opcodes(file: IO[bytes], found: list[Import]) -> None:
    """Follow the strings that a pickle pushes and remembers, for STACK_GLOBAL takes its two names from the stack."""
    strings: list[str] = []
    memo: dict[int, str] = {}
    for opcode, argument, position in pickletools.genops(file):
        if position is not None and position > _MOST_BYTES:
            break
        if opcode.name in {"GLOBAL", "INST"}:
            module, _, name = str(argument).partition(" ")
            found.append(Import(module, name))
        elif opcode.name == "STACK_GLOBAL":
            found.append(Import(*strings[-2:]) if len(strings) >= 2 else Import("?", "?"))
        elif "UNICODE" in opcode.name or "STRING" in opcode.name:
            strings.append(str(argument))
        elif opcode.name == "MEMOIZE" or "PUT" in opcode.name:
            memo[len(memo) if argument is None else int(argument)] = strings[-1] if strings else ""
        elif "GET" in opcode.name:
            strings.append(memo.get(int(argument or 0), ""))
