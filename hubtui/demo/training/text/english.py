"""Everyday English for the BERT fill-mask checkpoint: animals, jobs, days, meals, colours, capitals, weather, journeys."""

import random

from hubtui.demo.training.text.grammar import Grammar, indefinite, sentence, unique

ANIMAL_SOUNDS = "dog:barks|cat:meows|cow:moos|duck:quacks|horse:neighs|pig:oinks|sheep:bleats|bird:sings|bee:buzzes|lion:roars|owl:hoots|wolf:howls|frog:croaks|snake:hisses|mouse:squeaks"
JOBS = (
    "baker:bread:bakery|doctor:patients:hospital|nurse:patients:clinic|farmer:animals:farm|teacher:children:school|painter:pictures:studio"
    "|gardener:flowers:garden|cook:meals:kitchen|driver:passengers:bus|writer:books:library|pilot:passengers:airport|tailor:clothes:shop"
)
COLOURS = (
    "grass:green|sky:blue|snow:white|coal:black|blood:red|sun:yellow|lemon:yellow|tomato:red|milk:white|night:black|leaf:green|sea:blue"
    "|carrot:orange|strawberry:red|cucumber:green|crow:black|swan:white|chocolate:brown"
)
CAPITALS = (
    "france:paris|italy:rome|spain:madrid|germany:berlin|england:london|japan:tokyo|china:beijing|canada:ottawa|austria:vienna|greece:athens"
    "|portugal:lisbon|poland:warsaw|sweden:stockholm|norway:oslo|ireland:dublin|egypt:cairo|russia:moscow|belgium:brussels|denmark:copenhagen|hungary:budapest"
)
OPPOSITES = "hot:cold|big:small|tall:short|old:young|fast:slow|happy:sad|rich:poor|light:dark|heavy:light|full:empty|open:closed|clean:dirty|easy:difficult|early:late|good:bad|hard:soft"
_TOOLS = "cut:knife|write:pen|eat:fork|sleep:bed|sit:chair|read:book|drive:car|sweep:broom|call:telephone|sew:needle|dig:spade|paint:brush|drink:glass|cook:pan"
_ORDER = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|monday"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december|january"
_GRAMMAR = Grammar(
    {
        "name": "anna|tom|mary|john|peter|lucy|emma|david|sarah|paul|alice|james",
        "they": "i|you|he|she|we|they",
        "relative": "mother|father|sister|brother|uncle|aunt|cousin|grandmother|grandfather|son|daughter",
        "pet": "dog|cat|rabbit|bird|horse|hamster|fish|pony",
        "place": "park|market|beach|station|museum|library|garden|office|school|hospital|theatre|river|kitchen|airport|village",
        "day": "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
        "when": "today|yesterday|every day|in the morning|in the evening|at night|after lunch|before dinner|on {day}|this week",
        "food": "bread|cheese|soup|rice|fish|salad|cake|meat|pasta|fruit|chicken|pizza",
        "drink": "tea|coffee|milk|water|juice|wine|lemonade",
        "fine": "good|delicious|excellent|wonderful|perfect|great",
        "meal": "breakfast|lunch|dinner",
        "thing": "book|letter|newspaper|poem|song|picture|story",
        "big": "big|small|old|new|beautiful|quiet|busy",
        "mood": "happy|sad|tired|angry|hungry|thirsty|nervous|proud",
        "sky": "cold|warm|hot|windy|sunny|cloudy|rainy|foggy",
        "season": "winter|summer|spring|autumn",
        "number": "two|three|four|five|six|seven|eight|nine|ten",
        "end": ".|.|.|!",
    }
)
_FREE = (
    "the {food} is {fine} :)|this {food} is very {fine}{end}|i love {food} and {drink}{end}|we eat {food} for {meal}.|{name} drinks {drink} {when}."
    "|{name} and {name} go to the {place} {when}.|my {relative} lives near the {place}.|the {pet} sleeps in the {place}.|i have {number} {pet}s{end}"
    "|{name} is very {mood} {when}.|my {relative} is {mood} because it is {sky}.|it is {sky} {when}{end}|the weather is {sky} in {season}."
    "|{name} reads a {thing} in the {place}.|she writes a {thing} to her {relative}.|he gives his {relative} a {thing}.|there is a {big} {place} in the town."
    "|would you like some {drink} with your {food} ?|where is the {place} ?|can you tell me the way to the {place} ?|the train to the {place} leaves at {number}."
    "|the {big} {pet} runs in the {place}{end}|they play football in the {place} {when}.|how are you today ?|thank you very much, {name}{end}"
    "|good morning, {name}, how are you ?|please close the door.|please open the window.|{name} is my best friend{end}"
)


def _fact(rng: random.Random) -> str:
    kind = rng.randrange(7)
    if kind == 0:
        animal, sound = rng.choice(ANIMAL_SOUNDS.split("|")).split(":")
        return rng.choice(
            [
                f"the {animal} {sound}.",
                f"{indefinite(animal)} {sound} {_GRAMMAR.expand('{when}', rng)}.",
                f"my {animal} {sound} all day!",
            ]
        )
    if kind == 1:
        job, deals, place = rng.choice(JOBS.split("|")).split(":")
        return rng.choice(
            [
                f"the {job} works in the {place}.",
                f"{indefinite(job)} works with {deals}.",
                f"the {job} has many {deals} in the {place}.",
            ]
        )
    if kind == 2:
        thing, colour = rng.choice(COLOURS.split("|")).split(":")
        return rng.choice(
            [
                f"the {thing} is {colour}.",
                f"the colour of the {thing} is {colour}.",
                f"the {thing} is as {colour} as ever.",
            ]
        )
    if kind == 3:
        country, town = rng.choice(CAPITALS.split("|")).split(":")
        return rng.choice(
            [
                f"{town} is the capital of {country}.",
                f"the capital of {country} is {town}.",
                f"the capital city of {country} is called {town}.",
            ]
        )
    if kind == 4:
        left, right = rng.choice(OPPOSITES.split("|")).split(":")
        return rng.choice(
            [
                f"the opposite of {left} is {right}.",
                f"it is not {left}, it is {right}.",
                f"{left} is the opposite of {right}.",
            ]
        )
    if kind == 5:
        act, tool = rng.choice(_TOOLS.split("|")).split(":")
        return rng.choice(
            [
                f"you need a {tool} to {act}.",
                f"i {act} with a {tool}." if act not in ("sleep", "sit") else f"i {act} on a {tool}.",
            ]
        )
    days = rng.choice([_ORDER, _MONTHS]).split("|")
    place = rng.randrange(len(days) - 1)
    return rng.choice(
        [f"{days[place + 1]} comes after {days[place]}.", f"{days[place]} comes before {days[place + 1]}."]
    )


def english_sentence(rng: random.Random) -> str:
    """Return one random sentence; half state a fact, half tell something of everyday life."""
    made = _fact(rng) if rng.random() < 0.5 else _GRAMMAR.expand(rng.choice(_FREE.split("|")), rng)
    return sentence(made)


def english_sentences(count: int = 20000, seed: int = 2) -> list[str]:
    """Return `count` different sentences."""
    return unique(english_sentence, seed, count)
