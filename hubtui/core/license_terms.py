"""Where the terms of a licence can be read, for the licence ids of the Hub."""

from __future__ import annotations

import re

_CHOOSE = "https://choosealicense.com/licenses/{}/"
_ON_CHOOSE = frozenset(
    (
        *("0bsd", "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0", "bsd-2-clause", "bsd-3-clause"),
        *("bsd-3-clause-clear", "bsl-1.0", "ecl-2.0", "epl-1.0", "epl-2.0", "eupl-1.1", "eupl-1.2", "gpl-2.0"),
        *("gpl-3.0", "isc", "lgpl-2.1", "lgpl-3.0", "lppl-1.3c", "mit", "mpl-2.0", "ms-pl", "ncsa", "ofl-1.1"),
        *("osl-3.0", "postgresql", "unlicense", "wtfpl", "zlib"),
    )
)
_CREATIVE_COMMONS = re.compile(r"cc-(by(?:-nc)?(?:-sa|-nd)?)-(\d\.\d)")
_ELSEWHERE = {
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "bigscience-bloom-rail-1.0": "https://huggingface.co/spaces/bigscience/license",
    "bigscience-openrail-m": "https://bigscience.huggingface.co/blog/bigscience-openrail-m",
    "bigcode-openrail-m": "https://huggingface.co/spaces/bigcode/bigcode-model-license-agreement",
    "creativeml-openrail-m": "https://huggingface.co/spaces/CompVis/stable-diffusion-license",
    "openrail": "https://huggingface.co/blog/open_rail",
    "openrail++": "https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0/blob/main/LICENSE.md",
    "llama2": "https://github.com/meta-llama/llama-models/blob/main/models/llama2/LICENSE",
    "llama3": "https://github.com/meta-llama/llama-models/blob/main/models/llama3/LICENSE",
    "llama3.1": "https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/LICENSE",
    "llama3.2": "https://github.com/meta-llama/llama-models/blob/main/models/llama3_2/LICENSE",
    "llama3.3": "https://github.com/meta-llama/llama-models/blob/main/models/llama3_3/LICENSE",
    "llama4": "https://github.com/meta-llama/llama-models/blob/main/models/llama4/LICENSE",
    "gemma": "https://ai.google.dev/gemma/terms",
    "odbl": "https://opendatacommons.org/licenses/odbl/",
    "odc-by": "https://opendatacommons.org/licenses/by/",
    "pddl": "https://opendatacommons.org/licenses/pddl/",
    "gfdl": "https://www.gnu.org/licenses/fdl-1.3.html",
}


def terms_of(license_id: str) -> str:
    """Return the address of a licence's text, empty where none is known for certain."""
    name = license_id.lower()
    if name in _ELSEWHERE:
        return _ELSEWHERE[name]
    if match := _CREATIVE_COMMONS.fullmatch(name):
        return f"https://creativecommons.org/licenses/{match[1]}/{match[2]}/"
    return _CHOOSE.format(name) if name in _ON_CHOOSE else ""
