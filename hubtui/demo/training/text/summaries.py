"""Reports of three to five sentences with the one-sentence summary that keeps who, what and where."""

import random

from hubtui.demo.training.text.grammar import Grammar, invented_word, pick, sentence, unique

Summary = tuple[str, str]
_WORDS = Grammar(
    {
        "city": "Paris|London|Berlin|Rome|Madrid|Tokyo|Vienna|Oslo|Lisbon|Boston|Chicago|Lyon|Munich|Toronto",
        "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
        "team": "The Lions|The Eagles|The Sharks|The Wolves|The Tigers|The Bears|The Hawks|The Rovers",
        "score": "two to one|three to nil|four to two|one to nil|five to three|two to nil",
        "building": "museum|library|bridge|school|hospital|theatre|station|park|market|swimming pool",
        "adj": "new|old|small|large|famous",
        "sky": "sunny|rainy|windy|cloudy|cold|warm",
        "crowd": (
            "Many people came to watch|The crowd was loud|Thousands of people were there|Children waved flags|"
            "The seats were full"
        ),
        "weather": (
            "It was a {sky} day|The sun was shining|There was a light rain|It was cold in the morning|The sky was grey"
        ),
        "people": (
            "The mayor gave a speech|Everybody was happy|A band played music|There was cake and coffee for all|"
            "The neighbours had waited for years|Some visitors came from far away"
        ),
        "storm": "storm|flood|fire|heavy snowfall|power failure",
        "harm": (
            "Trees fell on the roads|Many houses were damaged|Trains did not run|Schools stayed closed|"
            "Nobody was hurt|Streets were under water"
        ),
        "company": "Acme|Northwind|Globex|Initech|Blue Harbor|Green Valley",
        "product": "phone|bicycle|car|lamp|computer|coffee machine|toy|camera",
        "market": (
            "It costs less than the old one|Shops will sell it soon|Customers are curious|"
            "It comes in three colours|The company hopes to sell many"
        ),
        "animal": "dog|cat|parrot|horse|rabbit|goat|cow|monkey",
        "search": (
            "The family looked everywhere|The neighbours helped|Posters were put on every wall|"
            "The children were very sad|The police searched the park"
        ),
    }
)
_REPORTS = (
    (
        "{winner} played against {loser} in {city} on {day}. {crowd}. {weather}. {winner} won {score}.",
        "{winner} beat {loser} {score} in {city}.",
        "crowd weather",
    ),
    (
        "A {adj} {building} opened in {city} on {day}. {people}. {weather}. {people2}.",
        "A {adj} {building} opened in {city}.",
        "people weather people2",
    ),
    (
        "A {storm} hit {city} on {day}. {harm}. {harm2}. The people of {city} are cleaning up.",
        "A {storm} hit {city} on {day}.",
        "harm harm2",
    ),
    (
        "{company} has presented a new {product} in {city}. {market}. {market2}. The director spoke on {day}.",
        "{company} presented a new {product}.",
        "market market2",
    ),
    (
        "A {animal} was lost in {city} on {day}. {search}. {search2}. In the end the {animal} came home alone.",
        "A lost {animal} in {city} came home.",
        "search search2",
    ),
    (
        "The {building} in {city} will close on {day}. {people}. {weather}. The building is too old.",
        "The {building} in {city} will close.",
        "people weather",
    ),
)


def summary(rng: random.Random) -> Summary:
    """Return a report and its summary; four places in ten are invented, and lesser sentences may be missing."""
    report, short, fillers = rng.choice(_REPORTS)
    winner, loser = rng.sample(_WORDS["team"], 2)
    fixed = {"winner": winner, "loser": loser}
    for symbol in ("city", "day", "adj", "building", "storm", "company", "product", "animal", "score"):
        fixed[symbol] = _WORDS.expand(f"{{{symbol}}}", rng)
    if rng.random() < 0.4:
        fixed["city"] = invented_word(rng).capitalize()
    for symbol, value in fixed.items():
        report, short = report.replace(f"{{{symbol}}}", value), short.replace(f"{{{symbol}}}", value)
    for filler in fillers.split():
        source = filler.rstrip("2")
        report = report.replace(f"{{{filler}}}", rng.choice(_WORDS[source]), 1)
    first, *others = report.rstrip(".").split(". ")
    kept = [part for part in others if part.startswith(("In the end", winner)) or rng.random() < 0.65]
    report = ". ".join([first, *kept]) + "."
    opening = pick("|||Good morning.|Here is the news.|Dear readers,", rng)
    report = sentence(_WORDS.expand(f"{opening} {report}", rng))
    return report, sentence(short)


def summaries(count: int = 16000, seed: int = 12) -> list[Summary]:
    """Return `count` different reports with their summaries."""
    return unique(summary, seed, count)
