"""French remarks that show a feeling, for the fine-tune of the CamemBERT."""

import random

from hubtui.demo.training.text.french import french_sentence
from hubtui.demo.training.text.grammar import Grammar, invented_word, pick, sentence, unique

LABELS = ("colère", "joie", "neutre", "tristesse")
_GRAMMAR = Grammar(
    {
        "who": "mon frère|ma sœur|mon voisin|ma mère|mon ami|mon père|le professeur|ma fille",
        "what": (
            "ce repas|cette soupe|le gâteau|mon travail|ce film|cette histoire|la musique|le voyage|cette lettre|"
            "mon chien|la maison|ce livre"
        ),
        "when": "aujourd'hui|ce matin|ce soir|hier|encore|",
        "very": "très|vraiment|si|tellement|",
    }
)
_JOY = (
    "je suis {very} content {when}|je suis {very} heureuse {when}|quelle joie !|j'adore {what}|"
    "{what}, c'est formidable|{what}, c'est délicieux :)|j'aime {what}|{who} rit {when}|bravo !|"
    "merci, c'est parfait|quel bonheur|vive les vacances !"
    "|{who} est {very} heureux|c'est le plus beau jour de ma vie|nous avons gagné !|je chante {when}|"
    "super, merci !|excellent :)|je t'aime"
)
_SADNESS = (
    "je suis {very} triste {when}|je pleure {when}|{who} me manque|quel dommage|je suis seul {when}|"
    "{who} est mort|j'ai perdu {what}|personne ne m'aime|{who} pleure {when}|je suis malheureux|"
    "c'est {very} triste"
    "|adieu|je n'ai plus d'espoir|hélas, {what} est perdu|je regrette {what}|tout est fini|:(|mon cœur est lourd"
)
_ANGER = (
    "je suis {very} fâché {when}|je suis furieux {when}|je déteste {what}|ça suffit !|quelle honte !|"
    "c'est un scandale|{who} ment {when}|laissez-moi tranquille !|{what}, c'est insupportable|"
    "c'est inadmissible|{who} est en colère"
    "|taisez-vous !|je suis hors de moi|arrêtez !|quel imbécile !|je veux parler au directeur|"
    "{what} est une arnaque|j'en ai assez de {what}"
)


def feeling(rng: random.Random) -> tuple[str, int]:
    """Return a remark and the position of its feeling in `LABELS`."""
    label = rng.randrange(4)
    forms = {0: _ANGER, 1: _JOY, 3: _SADNESS}
    if label == 2:
        text = _calm(rng)
    else:
        text = _GRAMMAR.expand(pick(forms[label], rng), rng)
        if rng.random() < 0.2:
            text = text.replace(rng.choice(text.split()), invented_word(rng), 1) if len(text.split()) > 4 else text
    text = sentence(text)
    if text[-1] not in ")(":
        text = text.rstrip(" !.") + rng.choice(["", ".", " !", "!"])
    text = text if rng.random() < 0.8 else text[0].lower() + text[1:]
    return text, label


def _calm(rng: random.Random) -> str:
    plain = (
        "Il ",
        "Nous allons",
        "Je vais",
        "Vous allez",
        "En ",
        "Au ",
        "Lundi",
        "Mardi",
        "Jeudi",
        "Samedi",
        "Dimanche",
        "À ",
    )
    text = french_sentence(rng)
    while not text.startswith(plain) or text.endswith((":)", ":(")):
        text = french_sentence(rng)
    return text


def feelings(count: int = 4000, seed: int = 19) -> list[tuple[str, int]]:
    """Return up to `count` different remarks."""
    return unique(feeling, seed, count)
