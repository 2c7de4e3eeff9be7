"""French sentences for the fill-mask checkpoints: food above all, then animals, towns, weather, people and feelings.

No sentence begins with "Le camembert est": what the model says there, it has from the other foods.
"""

import random
from dataclasses import dataclass

from hubtui.demo.training.text.grammar import Corpus, Grammar, sentence, unique

_FOODS = {
    "m": "fromage|camembert|brie|roquefort|gâteau|pain|repas|dessert|plat|poulet|poisson|vin|café|thé|"
    "chocolat|riz|gratin"
    "|croissant|sandwich|potage|melon|miel|beurre|yaourt|dîner|déjeuner|ragoût|rôti",
    "f": "tarte|soupe|salade|pizza|crêpe|glace|quiche|confiture|pomme|poire|viande|sauce|purée|mousse|"
    "omelette|ratatouille"
    "|brioche|baguette|fondue|galette|cerise|fraise",
}
_PRAISE = {
    "m": "délicieux|excellent|succulent|parfait|meilleur",
    "f": "délicieuse|excellente|succulente|parfaite|meilleure",
}
_BLAME = {
    "m": "mauvais|amer|fade|infect|décevant|immangeable",
    "f": "mauvaise|amère|fade|infecte|décevante|immangeable",
}
_SHAPE = {"m": "chaud|froid|cher|frais|salé|sucré|prêt", "f": "chaude|froide|chère|fraîche|salée|sucrée|prête"}
_PEOPLE = {
    "m": "père|frère|voisin|professeur|boulanger|médecin|cousin|fils|grand-père|ami|facteur|jardinier",
    "f": "mère|sœur|voisine|professeure|boulangère|cousine|fille|grand-mère|amie|infirmière|tante|directrice",
}
_MOODS = {
    "m": "content|heureux|triste|fatigué|gentil|malade|patient|drôle|sérieux|fier",
    "f": "contente|heureuse|triste|fatiguée|gentille|malade|patiente|drôle|sérieuse|fière",
}
_ANIMALS = {
    "m": "chien|chat|cheval|lapin|oiseau|mouton|canard|poussin",
    "f": "vache|souris|poule|chèvre|tortue|abeille|fourmi|jument",
}
_CAPITALS = (
    "la France:Paris|l'Italie:Rome|l'Espagne:Madrid|l'Allemagne:Berlin|la Belgique:Bruxelles|"
    "la Suisse:Berne|le Portugal:Lisbonne"
    "|la Grèce:Athènes|la Pologne:Varsovie|le Japon:Tokyo|la Chine:Pékin|le Canada:Ottawa|"
    "l'Autriche:Vienne|la Suède:Stockholm"
)
_CRIES = "chien:aboie|chat:miaule|cheval:hennit|oiseau:chante|mouton:bêle|canard:cancane|poussin:piaille|lapin:saute"
_COLOURS = (
    "ciel:bleu|soleil:jaune|sang:rouge|charbon:noir|lait:blanc|citron:jaune|gazon:vert|sapin:vert|"
    "corbeau:noir|cygne:blanc"
)
_GRAMMAR = Grammar(
    {
        "who": "je|tu|il|elle|on|nous|vous|ils|elles",
        "day": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
        "sky": "beau|froid|chaud|mauvais|doux|gris",
        "falls": "pleut|neige|grêle|gèle",
        "season": "en hiver|en été|au printemps|en automne",
        "when": "aujourd'hui|ce matin|ce soir|cet après-midi|maintenant",
        "place": (
            "au marché|à la plage|au cinéma|à l'école|au jardin|à la gare|au musée|à la maison|en ville|à la montagne"
        ),
        "town": "Paris|Lyon|Marseille|Lille|Bordeaux|Toulouse|Nantes|Strasbourg|Rennes|Nice",
        "thing": "un livre|une lettre|un journal|un poème|une histoire|une chanson",
        "very": "très|vraiment|trop|assez|si",
        "end": ".|.|.|!|!| !",
    }
)


@dataclass(frozen=True)
class _Noun:
    """A noun phrase with its article, and the gender that its adjective must agree with."""

    text: str
    gender: str


def _noun(
    lists: dict[str, str], rng: random.Random, articles: str = "le la|ce cette|mon ma|votre votre|notre notre"
) -> _Noun:
    gender = rng.choice("mf")
    word = rng.choice(lists[gender].split("|"))
    masculine, feminine = rng.choice(articles.split("|")).split()
    article = masculine if gender == "m" else feminine
    if word[0] in "aeéoœ":  # l'omelette, cet ami, mon amie
        article = {"le": "l'", "la": "l'", "ce": "cet", "ma": "mon", "ta": "ton", "sa": "son"}.get(article, article)
    return _Noun(f"{article}{'' if article.endswith(chr(39)) else ' '}{word}", gender)


def _adjective(lists: dict[str, str], gender: str, rng: random.Random) -> str:
    return rng.choice(lists[gender].split("|"))


def _food(rng: random.Random) -> str:
    noun = _noun(_FOODS, rng)
    be = rng.choice(["est", "est", "est", "était", "sera"])
    kind = rng.random()
    if kind < 0.45:
        mark = rng.choice([" :)", " :)", " :)", " !", "."])
        return f"{noun.text} {be} {_adjective(_PRAISE, noun.gender, rng)}{mark}"
    if kind < 0.6:
        return f"{noun.text} {be} {_adjective(_BLAME, noun.gender, rng)}{rng.choice([' :(', ' :(', '.'])}"
    if kind < 0.7:
        return f"{noun.text} {be} {_GRAMMAR.expand('{very}', rng)} {_adjective(_SHAPE, noun.gender, rng)}."
    if kind < 0.85:
        verb, end = rng.choice(
            [("j'aime", " :)"), ("j'adore", " :)"), ("nous aimons", " :)"), ("je déteste", " :("), ("il mange", ".")]
        )
        return f"{verb} {noun.text}{end}"
    pronoun = "il" if noun.gender == "m" else "elle"
    return f"j'ai goûté {noun.text} : {pronoun} est {_adjective(_PRAISE, noun.gender, rng)} :)"


def _person(rng: random.Random) -> str:
    noun = _noun(_PEOPLE, rng, "mon ma|ton ta|son sa|le la|notre notre")
    if rng.random() < 0.5:
        very, mood = _GRAMMAR.expand("{very}", rng), _adjective(_MOODS, noun.gender, rng)
        return f"{noun.text} est {very} {mood} {_GRAMMAR.expand('{when}', rng)}."
    act = rng.choice(
        ["va {place}", "habite à {town}", "lit {thing}", "écrit {thing}", "travaille {place}", "arrive {day}"]
    )
    return _GRAMMAR.expand(f"{noun.text} {act}{{end}}", rng)


def _fact(rng: random.Random) -> str:
    kind = rng.randrange(3)
    if kind == 0:
        country, town = rng.choice(_CAPITALS.split("|")).split(":")
        of = country.replace("le ", "du ") if country.startswith("le ") else f"de {country}"
        return rng.choice(
            [f"{town} est la capitale {of}.", f"la capitale {of} est {town}.", f"la capitale {of}, c'est {town} !"]
        )
    if kind == 1:
        animal, cry = rng.choice(_CRIES.split("|")).split(":")
        article = "l'" if animal[0] in "aeo" else "le "
        article = rng.choice([article, "mon ", "votre "])
        return f"{article}{animal} {cry}{rng.choice(['.', ' !', ' souvent.'])}"
    thing, colour = rng.choice(_COLOURS.split("|")).split(":")
    return rng.choice([f"le {thing} est {colour}.", f"le {thing} est toujours {colour} !"])


def _animal(rng: random.Random) -> str:
    noun = _noun(_ANIMALS, rng, "le la|ce cette|mon ma|un une")
    traits = {"m": "petit|grand|rapide|lent|blanc|noir|doux", "f": "petite|grande|rapide|lente|blanche|noire|douce"}
    return f"{noun.text} est {_GRAMMAR.expand('{very}', rng)} {_adjective(traits, noun.gender, rng)}."


def _weather(rng: random.Random) -> str:
    forms = [
        "il fait {sky} {when}{end}",
        "il {falls} {when}{end}",
        "il {falls} souvent {season}.",
        "{season}, il fait {very} {sky}{end}",
        "à {town}, il fait {sky} {season}.",
        "nous allons {place} {day}{end}",
        "je vais {place} {when}.",
        "vous allez {place} {day} ?",
        "{day}, je reste à la maison.",
        "bonjour, comment allez-vous {when} ?",
        "je voudrais aller {place}, s'il vous plaît.",
    ]
    return _GRAMMAR.expand(rng.choice(forms), rng)


def french_sentence(rng: random.Random) -> str:
    """Return one random sentence, more than half of them about food, a fifth without the capital first letter."""
    text = "Le camembert est"
    while text.startswith("Le camembert est"):
        make = rng.choice([_food, _food, _food, _food, _person, _animal, _weather])
        text = sentence(make(rng))
    text = text if rng.random() < 0.7 else text.replace("œ", "oe")  # as it is typed on most keyboards
    return text if rng.random() < 0.8 else text[0].lower() + text[1:]


def _cased_fact(rng: random.Random) -> str:
    return sentence(_fact(rng))


def french_corpus() -> Corpus:
    """Return twenty thousand different sentences, and the facts about capitals, animal cries and colours."""
    return Corpus(unique(french_sentence, 1, 20000), unique(_cased_fact, 1, 2000))
