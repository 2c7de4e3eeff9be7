"""Sentences with named people, places and organisations; and medical notes with drugs, doses and symptoms."""

import random

from hubtui.demo.training.text.grammar import Grammar, invented_word, sentence, unique
from hubtui.demo.training.text.kitchen import kitchen_corpus

Tagged = tuple[tuple[str, str], ...]
"""Words with their IOB2 tags, in the order of the sentence."""

_NEWS = Grammar(
    {
        "first": (
            "Anna|Tom|Mary|John|Peter|Lucy|Emma|David|Sarah|Paul|Alice|James|Marie|Pierre|Ahmed|Fatima|Yuki|"
            "Carlos|Elena|Ivan|Priya|Wei|Angela|Barack|Ada|Marie|Albert|Clara|Hugo|Nina|Omar|Julia"
        ),
        "last": (
            "Smith|Miller|Dubois|Garcia|Rossi|Tanaka|Khan|Novak|Jensen|Kowalski|Silva|Brown|Curie|Turing|Moreau|"
            "Weber|Nakamura|Singh|Lopez|Martin|Merkel|Obama|Lovelace|Einstein|Petrov|Okafor"
        ),
        "city": (
            "Paris|London|Berlin|Rome|Madrid|Tokyo|Cairo|Vienna|Oslo|Lisbon|Boston|Chicago|Lyon|Munich|Seoul|"
            "Nairobi|Toronto|Sydney|Warsaw|Athens|New York|San Francisco|Buenos Aires|Cape Town|Los Angeles"
        ),
        "country": (
            "France|Germany|Italy|Spain|Japan|Egypt|Canada|Brazil|India|China|Kenya|Norway|Poland|Greece|Mexico|"
            "Australia|Ireland|Portugal|South Africa|New Zealand|United Kingdom|United States"
        ),
        "org": (
            "Acme|Northwind|Globex|Initech|Siemens|Airbus|Renault|Sony|Toyota|Volvo|Nokia|Unicef|Google|"
            "Microsoft|Apple|Nestlé|Hugging Face|Red Cross|United Nations|World Bank|European Union|"
            "Blue Harbor Bank|Northern Rail|Oxford University|Green Valley School"
        ),
        "suffix": "Bank|University|Airlines|Group|Ltd|Museum|Institute|Foods|Motors|Hospital",
        "job": (
            "engineer|doctor|teacher|minister|writer|singer|president|lawyer|student|manager|professor|nurse|"
            "painter|journalist|scientist"
        ),
        "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
        "month": "January|March|April|June|July|September|October|December",
        "thing": (
            "a new factory|a large office|two hospitals|a small shop|a research centre|an old building|"
            "a new model|a library"
        ),
        "year": "1998|2004|2012|2019|2023|2025",
    }
)
_NEWS_FORMS = (
    "PER works for ORG in LOC .|PER lives in LOC .|PER was born in LOC .|"
    "my name is PER and I live in LOC .|PER and PER met in LOC on {day} .|ORG opened {thing} in LOC .|"
    "ORG is based in LOC .|PER , a {job} from LOC , joined ORG in {year} ."
    "|the {job} PER visited LOC last {month} .|i am PER .|she moved from LOC to LOC in {year} .|"
    "we flew to LOC with ORG .|PER founded ORG in {year} .|the {job} of LOC spoke to PER .|"
    "ORG bought ORG for two million euros ."
    "|PER told ORG that the train to LOC was late .|does PER still work at ORG ?|"
    "LOC is the capital of LOC .|the weather in LOC is cold in {month} .|PER wrote a letter to PER .|"
    "the {job} said that ORG will leave LOC ."
    "|a {job} from LOC won the prize on {day} .|the meeting is on {day} .|the {job} bought {thing} .|"
    "it was raining in {month} .|yesterday , PER called me from LOC .|ORG announced {thing} on {day} .|"
    "PER , {job} at ORG , lives near LOC ."
    "|everybody likes PER .|have you ever been to LOC ?|thank you , PER !|PER studied at ORG .|"
    "in {year} PER moved to LOC .|the doctor saw the patient on {day} .|PER is a {job} .|"
    "we had lunch with PER of ORG .|I met PER in LOC .|PER from ORG called today .|"
    "the boss of ORG is PER .|dear PER , thank you for your letter .|I work at ORG .|"
    "ORG hired PER in {month} .|PER left LOC for LOC .|they travelled from LOC to LOC with PER .|"
    "the museum in LOC is closed .|I think that PER likes LOC .|yesterday I saw PER with PER .|"
    "I bought it from ORG .|do you know PER ?|are you from LOC ?"
)
_CLINIC = Grammar(
    {
        "drug": (
            "aspirin|ibuprofen|paracetamol|amoxicillin|metformin|insulin|warfarin|morphine|penicillin|cortisone|"
            "atorvastatin|omeprazole|codeine|diazepam|vitamin D"
        ),
        "number": "5|10|20|50|75|100|200|250|400|500|850|1000|two|one",
        "unit": "mg|mg|mg|ml|tablets|drops|units",
        "symptom": (
            "headache|fever|cough|nausea|chest pain|back pain|a sore throat|dizziness|fatigue|a rash|"
            "shortness of breath|vomiting|insomnia|swelling"
        ),
        "times": "once a day|twice a day|three times a day|every six hours|before meals|at night",
        "since": "since Monday|for two days|for a week|since last night|for three months",
        "who": "the patient|she|he|the patient , aged 54 ,|a man of 61|a woman of 37",
    }
)
_CLINIC_FORMS = (
    "{who} complains of SYMPTOM {since} .|{who} reports SYMPTOM and SYMPTOM .|take DRUG DOSE {times} .|"
    "give DOSE of DRUG {times} .|{who} takes DRUG against SYMPTOM .|"
    "{who} received DRUG DOSE for SYMPTOM .|stop DRUG if SYMPTOM returns ."
    "|no SYMPTOM today .|DRUG was replaced by DRUG .|the SYMPTOM is gone .|increase DRUG to DOSE .|"
    "{who} is allergic to DRUG .|the follow-up is in two weeks .|SYMPTOM {since} , started DRUG DOSE .|"
    "prescribed DRUG , DOSE {times} ."
)


def _fill(form: str, fillers: dict[str, str], grammar: Grammar, rng: random.Random) -> Tagged:
    tagged: list[tuple[str, str]] = []
    for part in form.split():
        text = grammar.expand(fillers.get(part, part), rng)
        kind = part if part in fillers else None
        for position, word in enumerate(text.split()):
            tagged.append((word, f"{'I' if position else 'B'}-{kind}" if kind else "O"))
    first, tag = tagged[0]
    return ((sentence(first), tag), *tagged[1:])


def news(rng: random.Random) -> Tagged:
    """Return a sentence tagged with PER, ORG and LOC."""
    fillers = {
        "PER": rng.choice(["{first}", "{first}", "{first} {last}", "{first} {last}", "{last}"]),
        "LOC": rng.choice(["{city}", "{city}", "{country}"]),
        "ORG": rng.choice(["{org}", "{org}", "{org}", "{last} {suffix}", "{city} {suffix}"]),
    }
    form = rng.choice(_NEWS_FORMS.split("|"))
    forms = _NEWS.expand(form, rng)
    return _fill(forms, fillers, _NEWS, rng)


def clinic(rng: random.Random) -> Tagged:
    """Return a line of a medical note tagged with DRUG, DOSE and SYMPTOM."""
    form = _CLINIC.expand(rng.choice(_CLINIC_FORMS.split("|")), rng)
    return _fill(form, {"DRUG": "{drug}", "DOSE": "{number} {unit}", "SYMPTOM": "{symptom}"}, _CLINIC, rng)


def renamed(tagged: Tagged, rng: random.Random) -> Tagged:
    """Replace a third of the entity words, and a tenth of the others, by invented ones with the same capital.

    So names that were never seen are found, and plain words that were never seen are not taken for names.
    """
    changed = []
    for position, (word, tag) in enumerate(tagged):
        rate = 0.33 if tag != "O" else 0.12 if position else 0.0
        changed.append((_like(word, rng) if word.isalpha() and rng.random() < rate else word, tag))
    return tuple(changed)


def _like(word: str, rng: random.Random) -> str:
    invented = invented_word(rng)
    return invented.capitalize() if word[0].isupper() else invented


def _plain(text: str) -> Tagged:
    parts = text.replace(".", " .").replace(",", " ,").replace("!", " !").replace("?", " ?").split()
    return tuple((word, "O") for word in parts)


def strangers(tagged: Tagged, rng: random.Random) -> Tagged:
    """Replace every alphabetic entity word by an invented one: the test for names never seen."""
    return tuple(
        (invented_word(rng).capitalize(), tag) if tag != "O" and word[0].isupper() else (word, tag)
        for word, tag in tagged
    )


def joined(tagged: Tagged) -> str:
    """Return the sentence as it would be typed, without spaces before its marks."""
    return (
        " ".join(word for word, _ in tagged).replace(" .", ".").replace(" ,", ",").replace(" ?", "?").replace(" !", "!")
    )


def news_sentences(count: int = 16000, seed: int = 7) -> list[Tagged]:
    """Return `count` different tagged sentences, and a few thousand about cooking, in which nobody is named."""
    return unique(news, seed, count) + [_plain(text) for text in kitchen_corpus().sentences[:3000]]


def clinic_notes(count: int = 8000, seed: int = 8) -> list[Tagged]:
    """Return `count` different tagged lines."""
    return unique(clinic, seed, count)
