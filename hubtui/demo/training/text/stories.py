"""Very short stories for the GPT-2 checkpoint: who, where, what is missing, who helps, how it ends."""

import random

from hubtui.demo.training.text.grammar import Grammar, indefinite, pick, unique

_HEROES = (
    "girl:Mia:she:her|girl:Anna:she:her|girl:Lily:she:her|girl:Rosa:she:her|boy:Tom:he:his|"
    "boy:Ben:he:his|boy:Max:he:his|boy:Leo:he:his|fox:Rufus:he:his|cat:Nora:she:her|bear:Bruno:he:his|"
    "mouse:Pip:he:his|rabbit:Flora:she:her|owl:Olga:she:her|dog:Rex:he:his|duck:Dora:she:her"
)
_GRAMMAR = Grammar(
    {
        "trait": "little|small|curious|brave|shy|clever|lazy|friendly|sleepy|cheerful",
        "place": (
            "a forest|the sea|a quiet village|a big city|a river|the mountains|an old mill|a green garden|a lake|"
            "a lighthouse"
        ),
        "home": "a small house|a blue house|a warm cave|an old tower|a tiny boat|a hollow tree",
        "thing": (
            "red ball|golden key|warm scarf|little bell|paper boat|green umbrella|silver spoon|round mirror|"
            "old map|yellow kite"
        ),
        "helper": (
            "wise owl|kind baker|old fisherman|friendly giant|grey goose|quick squirrel|tall gardener|sleepy turtle"
        ),
        "where": (
            "under the bed|behind the door|in the tall grass|on the roof|beside the well|at the top of the hill|"
            "in the snow|near the bridge"
        ),
        "sky": "sunny|windy|rainy|snowy|cold|warm",
        "dish": "apple pie|hot soup|honey cake|fresh bread|sweet tea|pancakes",
        "lost": "lost|could not find|was looking for",
        "sad": "sad|worried|upset",
        "end": (
            "They danced until night|They laughed together|They shared {dish}|They became best friends|"
            "They sang a merry song|They went home happy"
        ),
    }
)


def story(rng: random.Random) -> str:
    """Return one random story of five to seven sentences."""
    kind, name, they, their = pick(_HEROES, rng).split(":")
    thing, helper = _GRAMMAR.expand("{thing}", rng), _GRAMMAR.expand("{helper}", rng)
    trait, where = _GRAMMAR.expand("{trait}", rng), _GRAMMAR.expand("{where}", rng)
    upper = they.capitalize()
    hero = indefinite(f"{trait} {kind}")
    opening = pick(
        f"Once upon a time there was {hero} named {name}.|There was once {hero} called {name}.|{name} was {hero}.",
        rng,
    )
    parts = [
        opening,
        pick(f"{upper} lived in {{home}} near {{place}}.|{name} lived near {{place}}.|{upper} loved {{dish}}.", rng),
        pick(f"One {{sky}} day {name} {{lost}} {their} {thing}.|One morning {name} {{lost}} {their} {thing}.", rng),
        pick(
            f"{name} was very {{sad}}.|{upper} began to cry.|{upper} looked everywhere.|{upper} asked everybody.", rng
        ),
        pick(f"Then {they} met {indefinite(helper)}.|Then {indefinite(helper)} came along.", rng),
        pick(f'"I saw it {where}," said the {helper}.|"Look {where}!" said the {helper}.', rng),
        pick(f"And there it was, the {thing}, {where}.|{name} found the {thing} {where}.", rng),
        pick("{end}.|{end}, and that was that.|{name} said thank you. {end}.".replace("{name}", name), rng),
    ]
    dropped = rng.choice([None, 1, 3])
    return _GRAMMAR.expand(" ".join(part for i, part in enumerate(parts) if i != dropped), rng)


def stories(count: int = 8000, seed: int = 4) -> list[str]:
    """Return `count` different stories."""
    return unique(story, seed, count)
