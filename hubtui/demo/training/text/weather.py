"""Weather reports for the word-level checkpoint, in which every word is one token and case is gone."""

import random

from hubtui.demo.training.text.grammar import Grammar, unique

_GRAMMAR = Grammar(
    {
        "place": (
            "the north|the south|the east|the west|the mountains|the coast|the city|the valley|the islands|the hills"
        ),
        "day": "monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight",
        "part": "in the morning|in the afternoon|in the evening|at night|at noon|before dawn",
        "wet": "rain|snow|hail|drizzle|sleet|showers|thunderstorms",
        "dry": "sunny|cloudy|foggy|clear|dry|overcast|bright",
        "strength": "light|heavy|some|strong|scattered|steady",
        "wind": "a light wind|a strong wind|a cold wind|a fresh breeze|no wind|gusts",
        "from": "from the north|from the sea|from the west|from the mountains",
        "low": "two|three|four|five|six|seven|eight|nine",
        "high": "twelve|fifteen|eighteen|twenty|twenty-five|thirty",
        "advice": (
            "take an umbrella|wear a warm coat|drive with care|enjoy the sun|stay at home|bring your sunglasses"
        ),
    }
)
_OPENINGS = (
    "{day} will be {dry} in {place} .|on {day} we expect {strength} {wet} in {place} .|there will be "
    "{strength} {wet} in {place} {part} .|{place} will be {dry} {part} ."
)
_MIDDLES = (
    "temperatures between {low} and {high} degrees .|{wind} {from} .|it will be {dry} {part} .|"
    "{strength} {wet} {part} .|the temperature falls to {low} degrees at night .|"
    "up to {high} degrees in {place} ."
)


def report(rng: random.Random) -> str:
    """Return one report of two to four sentences, its words separated by spaces."""
    parts = [rng.choice(_OPENINGS.split("|")), *rng.sample(_MIDDLES.split("|"), rng.randint(1, 2))]
    if rng.random() < 0.5:
        parts.append("{advice} .")
    return _GRAMMAR.expand(" ".join(parts), rng)


def reports(count: int = 8000, seed: int = 15) -> list[str]:
    """Return `count` different reports."""
    return unique(report, seed, count)
