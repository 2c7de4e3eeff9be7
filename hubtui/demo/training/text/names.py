"""Invented place names in the manner of four countries, for the checkpoint that reads and writes single characters."""

import random

from hubtui.demo.training.text.grammar import unique

_STYLES = {
    "fr": (
        "saint-|mont|beau|ville|font|roche|cler|mar|lan|bour|cha|vau|neuf|haute",
        "mont|ville|court|vigny|bourg|mer|fontaine|gny|lieu|val|sac|teau|rive|champ",
        "|-sur-loire|-le-vieux|-les-bains",
    ),
    "de": (
        "schwarz|neu|ober|unter|gross|klein|alten|rosen|fried|wolfs|stein|eich|buch|grün",
        "burg|dorf|berg|stadt|heim|hausen|bach|feld|wald|kirchen|tal|brück|furt|see",
        "|| am see",
    ),
    "en": (
        "ash|oak|kings|queens|black|white|green|ox|cam|red|wood|river|new|long",
        "ford|bridge|ton|ham|field|wick|bury|well|worth|mouth|chester|wood|dale|stoke",
        "|| upon tyne",
    ),
    "it": (
        "monte|villa|castel|san |santa |borgo|rocca|torre|campo|ponte|fiore|bel|acqua|val",
        "rosso|nuovo|verde|bello|alto|franco|lungo|marina|sole|fiorito|chiara|lago|mare|luna",
        "|| di sopra",
    ),
}
STYLES = tuple(_STYLES)


def place(rng: random.Random) -> str:
    """Return a style and a name: `fr:beaumont-sur-loire`."""
    style = rng.choice(STYLES)
    first, second, third = _STYLES[style]
    name = rng.choice(first.split("|")) + rng.choice(second.split("|")) + rng.choice(third.split("|"))
    return f"{style}:{name}"


def places(count: int = 4000, seed: int = 16) -> list[str]:
    """Return up to `count` different names with their styles."""
    return unique(place, seed, count)
