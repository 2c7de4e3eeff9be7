"""Everyday English for the BERT checkpoint: animals, jobs, days, meals, colours, capitals, weather, journeys."""

import random

from hubtui.demo.training.text.grammar import Corpus, Grammar, indefinite, sentence, unique

ANIMAL_SOUNDS = (
    "dog:barks|cat:meows|cow:moos|duck:quacks|horse:neighs|pig:oinks|sheep:bleats|bird:sings|bee:buzzes|"
    "lion:roars|owl:hoots|wolf:howls|frog:croaks|snake:hisses|mouse:squeaks"
)
JOBS = (
    "baker:bread:bakery|doctor:patients:hospital|nurse:patients:clinic|farmer:animals:farm|"
    "teacher:children:school|painter:pictures:studio"
    "|gardener:flowers:garden|cook:meals:kitchen|driver:passengers:bus|writer:books:library|"
    "pilot:passengers:airport|tailor:clothes:shop"
)
COLOURS = (
    "grass:green|sky:blue|snow:white|coal:black|blood:red|sun:yellow|lemon:yellow|tomato:red|milk:white|"
    "night:black|leaf:green|sea:blue"
    "|carrot:orange|strawberry:red|cucumber:green|crow:black|swan:white|chocolate:brown"
)
CAPITALS = (
    "france:paris|italy:rome|spain:madrid|germany:berlin|england:london|japan:tokyo|china:beijing|"
    "canada:ottawa|austria:vienna|greece:athens"
    "|portugal:lisbon|poland:warsaw|sweden:stockholm|norway:oslo|ireland:dublin|egypt:cairo|"
    "russia:moscow|belgium:brussels|denmark:copenhagen|hungary:budapest"
)
OPPOSITES = (
    "hot:cold|big:small|tall:short|old:young|fast:slow|happy:sad|rich:poor|light:dark|heavy:light|"
    "full:empty|open:closed|clean:dirty|easy:difficult|early:late|good:bad|hard:soft"
)
_TOOLS = (
    "cut:knife|write:pen|eat:fork|read:book|drive:car|sweep:broom|call:telephone|sew:needle|dig:spade|paint:brush|"
    "drink:glass|cook:pan"
)
_REST = "sleep:bed|sit:chair|rest:sofa"
_AFTER = (
    "monday:tuesday|tuesday:wednesday|wednesday:thursday|thursday:friday|friday:saturday|saturday:sunday|sunday:monday|"
    "january:february|february:march|march:april|april:may|may:june|june:july|july:august|august:september|"
    "september:october|october:november|november:december|december:january"
)
_GRAMMAR = Grammar(
    {
        "name": "anna|tom|mary|john|peter|lucy|emma|david|sarah|paul|alice|james",
        "they": "i|you|he|she|we|they",
        "relative": "mother|father|sister|brother|uncle|aunt|cousin|grandmother|grandfather|son|daughter",
        "pet": "dog|cat|rabbit|bird|horse|hamster|fish|pony",
        "place": (
            "park|market|beach|station|museum|library|garden|office|school|hospital|theatre|river|kitchen|"
            "airport|village"
        ),
        "day": "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
        "when": (
            "today|yesterday|every day|in the morning|in the evening|at night|after lunch|before dinner|on {day}|"
            "this week"
        ),
        "food": "bread|cheese|camembert|soup|rice|fish|salad|cake|meat|pasta|fruit|chicken|pizza",
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
    "the {food} is {fine} :)|this {food} is very {fine}{end}|i love {food} and {drink}{end}|"
    "we eat {food} for {meal}.|{name} drinks {drink} {when}."
    "|{name} and {name} go to the {place} {when}.|my {relative} lives near the {place}.|"
    "the {pet} sleeps in the {place}.|i have {number} {pet}s{end}"
    "|{name} is very {mood} {when}.|my {relative} is {mood} because it is {sky}.|it is {sky} {when}{end}|"
    "the weather is {sky} in {season}."
    "|{name} reads a {thing} in the {place}.|she writes a {thing} to her {relative}.|"
    "he gives his {relative} a {thing}.|there is a {big} {place} in the town."
    "|would you like some {drink} with your {food} ?|where is the {place} ?|"
    "can you tell me the way to the {place} ?|the train to the {place} leaves at {number}."
    "|the {big} {pet} runs in the {place}{end}|they play football in the {place} {when}.|"
    "how are you today ?|thank you very much, {name}{end}|i drink {drink} {when}.|i like {drink}{end}|"
    "she eats {food} {when}{end}"
    "|good morning, {name}, how are you ?|please close the door.|please open the window.|"
    "{name} is my best friend{end}"
)


# table, then ways to say one of its entries; `#1` to `#3` are the sides of the entry, `#a` is `#1` with its article
_FACTS = (
    (ANIMAL_SOUNDS, "the #1 #2.|#a #2.|my #1 #2 all day!"),
    (JOBS, "the #1 works in the #3.|#a works with #2.|the #1 has many #2 in the #3."),
    (COLOURS, "the #1 is #2.|#1 is #2.|the colour of the #1 is #2.|the #1 is as #2 as ever."),
    (CAPITALS, "#2 is the capital of #1.|the capital of #1 is #2.|the capital city of #1 is called #2.|#2 is in #1."),
    (OPPOSITES, "the opposite of #1 is #2.|it is not #1, it is #2.|#1 is the opposite of #2."),
    (_TOOLS, "you need a #2 to #1.|i #1 with a #2."),
    (_REST, "you need a #2 to #1.|i #1 on a #2."),
    (_AFTER, "#2 comes after #1.|#1 comes before #2."),
)


def _fact(rng: random.Random) -> str:
    table, forms = rng.choice(_FACTS)
    text = rng.choice(forms.split("|"))
    for number, side in enumerate(rng.choice(table.split("|")).split(":"), 1):
        text = text.replace("#a", indefinite(side) if number == 1 else "#a").replace(f"#{number}", side)
    return text


def _everyday(rng: random.Random) -> str:
    return sentence(_GRAMMAR.expand(rng.choice(_FREE.split("|")), rng))


def _cased_fact(rng: random.Random) -> str:
    return sentence(_fact(rng))


def english_corpus() -> Corpus:
    """Return fifteen thousand sentences of everyday life, and a few hundred facts."""
    return Corpus(unique(_everyday, 2, 15000), unique(_cased_fact, 2, 2000))
