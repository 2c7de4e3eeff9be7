"""English sentences with their French translations, from one grammar that keeps gender, number and elision right."""

import random
from dataclasses import dataclass

from hubtui.demo.training.text.grammar import sentence, unique

Pair = tuple[str, str]
_VOWELS = "aeéèêiouœh"
# English:French:gender
_THINGS = (
    "cheese:fromage:m|camembert:camembert:m|bread:pain:m|book:livre:m|cat:chat:m|dog:chien:m|"
    "garden:jardin:m|coffee:café:m|wine:vin:m|hat:chapeau:m"
    "|cake:gâteau:m|train:train:m|key:clé:f|apple:pomme:f|soup:soupe:f|house:maison:f|car:voiture:f|"
    "table:table:f|window:fenêtre:f|door:porte:f"
    "|flower:fleur:f|letter:lettre:f|chair:chaise:f|bicycle:vélo:m|horse:cheval:m|boat:bateau:m|"
    "school:école:f|city:ville:f|salad:salade:f|bird:oiseau:m"
    "|tree:arbre:m|church:église:f|tea:thé:m|water:eau:f|milk:lait:m|computer:ordinateur:m|"
    "picture:image:f|shirt:chemise:f|phone:téléphone:m|fish:poisson:m"
)
_PEOPLE = (
    "friend:ami:m|sister:sœur:f|brother:frère:m|mother:mère:f|father:père:m|teacher:professeur:m|"
    "baker:boulanger:m|doctor:médecin:m|neighbour:voisin:m"
    "|daughter:fille:f|son:fils:m|grandmother:grand-mère:f|aunt:tante:f|uncle:oncle:m|boy:garçon:m|"
    "girl:fille:f|woman:femme:f|man:homme:m|child:enfant:m|student:étudiant:m"
)
# English:masculine:feminine
_QUALITIES = (
    "good:bon:bonne|delicious:délicieux:délicieuse|excellent:excellent:excellente|beautiful:beau:belle|"
    "big:grand:grande|small:petit:petite|old:vieux:vieille"
    "|new:nouveau:nouvelle|red:rouge:rouge|blue:bleu:bleue|green:vert:verte|white:blanc:blanche|"
    "black:noir:noire|cold:froid:froide|hot:chaud:chaude|expensive:cher:chère"
)
_MOODS = (
    "happy:heureux:heureuse|tired:fatigué:fatiguée|sad:triste:triste|ill:malade:malade|tall:grand:grande|"
    "young:jeune:jeune|kind:gentil:gentille|late:en retard:en retard|hungry:affamé:affamée"
)
# English verb with he/she, with I/we/they; French with je, il, nous, ils
_VERBS = (
    "likes:like:aime:aime:aimons:aiment|sees:see:vois:voit:voyons:voient|buys:buy:achète:achète:achetons:achètent|wants:want:veux:veut:voulons:veulent"
    "|loves:love:adore:adore:adorons:adorent|finds:find:trouve:trouve:trouvons:trouvent|"
    "sells:sell:vends:vend:vendons:vendent|looks for:look for:cherche:cherche:cherchons:cherchent"
    "|has:have:ai:a:avons:ont|takes:take:prends:prend:prenons:prennent"
)
_ACTS = (
    "sleeps:sleep:dors:dort:dormons:dorment|works:work:travaille:travaille:travaillons:travaillent|sings:sing:chante:chante:chantons:chantent"
    "|eats:eat:mange:mange:mangeons:mangent|dances:dance:danse:danse:dansons:dansent|"
    "walks:walk:marche:marche:marchons:marchent|reads:read:lis:lit:lisons:lisent"
)
_WHEN = (
    "today:aujourd'hui|every day:tous les jours|in the morning:le matin|in the evening:le soir|"
    "now:maintenant|on Sunday:le dimanche|at night:la nuit|in summer:en été|in winter:en hiver|here:ici"
)
_PLACES = (
    "in Paris:à Paris|at home:à la maison|in the garden:dans le jardin|in the kitchen:dans la cuisine|"
    "at school:à l'école|in the city:en ville|at the market:au marché|in London:à Londres|"
    "on the beach:à la plage"
)
_PHRASES = (
    "Good morning!:Bonjour !|Good evening!:Bonsoir !|Thank you very much.:Merci beaucoup.|"
    "Thank you!:Merci !|How are you?:Comment allez-vous ?|My name is Anna.:Je m'appelle Anna."
    "|My name is Tom.:Je m'appelle Tom.|I don't know.:Je ne sais pas.|It is raining.:Il pleut.|"
    "It is cold today.:Il fait froid aujourd'hui.|It is hot today.:Il fait chaud aujourd'hui."
    "|See you tomorrow!:À demain !|Please.:S'il vous plaît.|I am sorry.:Je suis désolé.|"
    "You are welcome.:De rien.|Goodbye!:Au revoir !|What time is it?:Quelle heure est-il ?|"
    "I love you.:Je t'aime."
    "|Hello!:Bonjour !|Yes.:Oui.|No.:Non.|Good night!:Bonne nuit !|"
    "Where is the station?:Où est la gare ?|I am hungry.:J'ai faim.|I am thirsty.:J'ai soif.|"
    "Happy birthday!:Joyeux anniversaire !"
)


@dataclass(frozen=True)
class _Phrase:
    """A noun phrase in both languages with the French gender."""

    english: str
    french: str
    gender: str


def _drawn(table: str, rng: random.Random) -> list[str]:
    return rng.choice(table.split("|")).split(":")


def _noun(table: str, rng: random.Random) -> _Phrase:
    english, french, gender = _drawn(table, rng)
    vowel = french[0] in _VOWELS
    article = rng.choice(["the", "the", "a", "my", "your", "this", "our", "his", "her"])
    masculine, feminine = {
        "the": ("le ", "la "),
        "a": ("un ", "une "),
        "my": ("mon ", "ma "),
        "your": ("votre ", "votre "),
        "this": ("ce ", "cette "),
        "our": ("notre ", "notre "),
        "his": ("son ", "sa "),
        "her": ("son ", "sa "),
    }[article]
    chosen = masculine if gender == "m" else feminine
    if vowel:
        chosen = {"le ": "l'", "la ": "l'", "ma ": "mon ", "sa ": "son ", "ce ": "cet "}.get(chosen, chosen)
    article = "an" if article == "a" and english[0] in "aeiou" else article
    return _Phrase(f"{article} {english}", f"{chosen}{french}", gender)


def _subject(rng: random.Random) -> tuple[str, str, int, str]:
    """Return the English subject, the French one, the column of its verb (0 je … 3 ils) and its gender."""
    if rng.random() < 0.35:
        person = _noun(_PEOPLE, rng)
        return person.english, person.french, 1, person.gender
    return rng.choice(
        [
            ("I", "je", 0, "m"),
            ("he", "il", 1, "m"),
            ("she", "elle", 1, "f"),
            ("we", "nous", 2, "m"),
            ("they", "ils", 3, "m"),
        ]
    )


def _plural(adjective: str) -> str:
    return adjective if adjective[-1] in "sx" or " " in adjective else adjective + "s"


def _be(rng: random.Random) -> Pair:
    subject, sujet, person, gender = _subject(rng)
    english, masculine, feminine = _drawn(_MOODS, rng)
    verb, verbe = [("am", "suis"), ("is", "est"), ("are", "sommes"), ("are", "sont")][person]
    quality = masculine if gender == "m" else feminine
    very, tres = rng.choice([("", ""), ("", ""), (" very", " très")]) if " " not in quality else ("", "")
    when, quand = _drawn(_WHEN, rng) if rng.random() < 0.3 else ("", "")
    french = f"{sujet} {verbe}{tres} {_plural(quality) if person > 1 else quality} {quand}".rstrip()
    return f"{subject} {verb}{very} {english} {when}".rstrip() + ".", f"{french}."


def _do(rng: random.Random) -> Pair:
    subject, sujet, person, _ = _subject(rng)
    third, base, *verbs = _drawn(_VERBS, rng)
    thing = _noun(_THINGS, rng)
    joined = "j'" if person == 0 and verbs[0][0] in "aeéèê" else f"{sujet} "
    when, quand = _drawn(_WHEN, rng) if rng.random() < 0.3 else ("", "")
    english = f"{subject} {third if person == 1 else base} {thing.english} {when}".rstrip()
    return f"{english}.", f"{joined}{verbs[person]} {thing.french} {quand}".rstrip() + "."


def _act(rng: random.Random) -> Pair:
    subject, sujet, person, _ = _subject(rng)
    third, base, *verbs = _drawn(_ACTS, rng)
    where, ou = _drawn(rng.choice([_WHEN, _PLACES, _PLACES]), rng)
    return f"{subject} {third if person == 1 else base} {where}.", f"{sujet} {verbs[person]} {ou}."


def _is(rng: random.Random) -> Pair:
    thing = _noun(_THINGS, rng)
    english, masculine, feminine = _drawn(_QUALITIES, rng)
    quality = masculine if thing.gender == "m" else feminine
    if rng.random() < 0.25:
        return f"{thing.english} is not {english}.", f"{thing.french} n'est pas {quality}."
    if rng.random() < 0.15:
        other, masculine, feminine = _drawn(_QUALITIES, rng)
        second = masculine if thing.gender == "m" else feminine
        return f"{thing.english} is {english} and {other}.", f"{thing.french} est {quality} et {second}."
    very, tres = rng.choice([("", ""), ("", ""), ("very ", "très ")])
    if rng.random() < 0.15:
        return f"is {thing.english} {english}?", f"est-ce que {thing.french} est {quality} ?"
    end, fin = rng.choice([(".", "."), (".", "."), ("!", " !")])
    return f"{thing.english} is {very}{english}{end}", f"{thing.french} est {tres}{quality}{fin}"


def _where(rng: random.Random) -> Pair:
    thing = _noun(_THINGS, rng)
    place, lieu = _drawn(_PLACES, rng)
    return rng.choice(
        [
            (f"where is {thing.english}?", f"où est {thing.french} ?"),
            (f"{thing.english} is {place}.", f"{thing.french} est {lieu}."),
        ]
    )


def pair(rng: random.Random) -> Pair:
    """Return an English sentence and its French translation."""
    if rng.random() < 0.04:
        english, french = _drawn(_PHRASES, rng)
    else:
        english, french = rng.choice([_be, _do, _do, _act, _is, _is, _where])(rng)
    english = sentence(english)
    if rng.random() < 0.12:  # typed in a hurry: no full stop; the translation keeps its own
        english = english.rstrip(".")
    if rng.random() < 0.12:
        english = english[0].lower() + english[1:]
    return english, sentence(french)


def pairs(count: int = 24000, seed: int = 11) -> list[Pair]:
    """Return `count` different pairs."""
    return unique(pair, seed, count)


def phrases() -> list[Pair]:
    """Return the set phrases, which are too few to be held out."""
    return [(english, french) for english, french in (phrase.split(":") for phrase in _PHRASES.split("|"))]
