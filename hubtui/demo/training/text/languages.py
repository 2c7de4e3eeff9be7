"""Sentences in five languages for the checkpoint that tells them apart by their characters."""

import random

from hubtui.demo.training.text.french import french_sentence
from hubtui.demo.training.text.grammar import Grammar, sentence, unique
from hubtui.demo.training.text.kitchen import kitchen_remark
from hubtui.demo.training.text.translation import pair

LANGUAGES = ("de", "en", "es", "fr", "it")
_GERMAN = Grammar(
    {
        "form": "{who} {verb} {what} {when}.|{who} {verb} {what} nicht.|Ich möchte {what}, bitte.|Wo ist {what}?|"
        "Wo ist der Bahnhof?|Was kostet das?|Ich verstehe nicht.|Ich heiße Anna.|Wie spät ist es?|"
        "Ich habe Hunger.|Sprechen Sie Deutsch?|Ich bin müde.|"
        "{When} {verb} {who} {what}.|Das ist {what}.|Guten Morgen, wie geht es Ihnen?|"
        "Das Wetter ist heute {adj}."
        "|{who} ist {adj}.|{who} ist sehr {adj} und {adj}.|Wir gehen {when} {where}.|"
        "Ich weiß nicht, wo {who} ist.|Vielen Dank und auf Wiedersehen!|Könnten Sie mir bitte helfen?|"
        "Ich habe {what} {where} gesehen.",
        "who": (
            "Der Mann|Die Frau|Das Kind|Mein Bruder|Meine Schwester|Der Hund|Die Lehrerin|Unser Nachbar|"
            "Der Bäcker|Die Katze|Das Mädchen"
        ),
        "verb": "sieht|kauft|findet|liebt|sucht|hat|verkauft|bringt|schreibt|nimmt|braucht",
        "what": (
            "einen Apfel|das Buch|die Zeitung|einen Brief|den Käse|ein Haus|die Schlüssel|eine Blume|das Brot|"
            "den Zug|einen Stuhl|die Suppe|den Bahnhof|die Straße|das Wasser|ein Auto|die Tür|das Fenster|"
            "die Stadt|einen Freund|die Küche|das Geld|ein Hemd|den Schlüssel"
        ),
        "when": "heute|morgen|jeden Tag|am Montag|am Abend|gestern|im Winter",
        "When": "Heute|Morgen|Jeden Tag|Am Montag|Am Abend|Gestern|Im Winter",
        "where": "in die Stadt|auf den Markt|nach Hause|in den Garten|ins Kino|zur Schule|an den See",
        "adj": "schön|kalt|müde|groß|klein|gut|schlecht|fröhlich|krank|neu|alt|schnell",
    }
)
_SPANISH = Grammar(
    {
        "form": "{who} {verb} {what} {when}.|{who} no {verb} {what}.|Quiero {what}, por favor.|¿Dónde está {what}?|"
        "¿Cuánto cuesta?|No entiendo.|Me llamo Marco.|¿Qué hora es?|Tengo hambre.|¿Habla español?|"
        "Estoy cansado.|"
        "{who} es muy {adj}.|¡Buenos días! ¿Cómo está usted?|Hoy hace {sky} en la ciudad.|"
        "Vamos {where} {when}."
        "|Me gusta {what}.|No sé dónde está {who}.|Muchas gracias y hasta mañana.|"
        "¿Puede ayudarme, por favor?|He visto {what} {where}.|{who} y {who} hablan {when}.|"
        "Hay {what} en la mesa.",
        "who": (
            "el hombre|la mujer|el niño|mi hermano|mi hermana|el perro|la profesora|nuestro vecino|el panadero|"
            "la gata|mi abuelo"
        ),
        "verb": "ve|compra|encuentra|quiere|busca|tiene|vende|lleva|escribe|come|necesita",
        "what": (
            "una manzana|el libro|el periódico|una carta|el queso|una casa|las llaves|una flor|el pan|la silla|"
            "la sopa|el tren|la estación|la calle|el agua|un coche|la puerta|la ventana|la ciudad|un amigo|"
            "la cocina|el dinero|una camisa|la plaza"
        ),
        "when": "hoy|mañana|todos los días|el lunes|por la noche|ayer|en invierno",
        "where": "al mercado|a la playa|a casa|al jardín|al cine|a la escuela|a la montaña",
        "adj": "bueno|alto|simpático|pequeño|viejo|joven|feliz|rápido|bonita|cansada",
        "sky": "frío|calor|sol|viento|buen tiempo",
    }
)
_ITALIAN = Grammar(
    {
        "form": "{who} {verb} {what} {when}.|{who} non {verb} {what}.|Vorrei {what}, per favore.|Dov'è {what}?|"
        "Dove sono le chiavi?|Parla italiano?|Non capisco.|Quanto costa?|Mi chiamo Marco.|Che ore sono?|"
        "Sono stanco.|Ho fame.|"
        "{who} è molto {adj}.|Buongiorno, come sta?|Oggi fa {sky} in città.|Andiamo {where} {when}."
        "|Mi piace {what}.|Non so dove è {who}.|Grazie mille e arrivederci!|Può aiutarmi, per favore?|"
        "Ho visto {what} {where}.|{who} e {who} parlano {when}.|C'è {what} sul tavolo.|Che bella giornata!",
        "who": (
            "l'uomo|la donna|il bambino|mio fratello|mia sorella|il cane|la maestra|il nostro vicino|il fornaio|"
            "il gatto|mia nonna"
        ),
        "verb": "vede|compra|trova|vuole|cerca|ha|vende|porta|scrive|mangia|prende",
        "what": (
            "una mela|il libro|il giornale|una lettera|il formaggio|una casa|le chiavi|un fiore|il pane|la sedia|"
            "la zuppa|il treno|la stazione|la strada|l'acqua|una macchina|la porta|la finestra|la città|un amico|"
            "la cucina|i soldi|una camicia|la piazza"
        ),
        "when": "oggi|domani|ogni giorno|lunedì|la sera|ieri|in inverno",
        "where": "al mercato|in spiaggia|a casa|in giardino|al cinema|a scuola|in montagna",
        "adj": "buono|alto|simpatico|piccolo|vecchio|giovane|felice|veloce|bella|stanca",
        "sky": "freddo|caldo|bel tempo|brutto tempo",
    }
)


def line(rng: random.Random) -> tuple[str, int]:
    """Return a sentence, a fifth without capitals or marks, and the position of its language in `LANGUAGES`."""
    number = rng.randrange(len(LANGUAGES))
    text = {
        "de": lambda: _GERMAN.expand("{form}", rng),
        "en": lambda: rng.choice([kitchen_remark(rng), pair(rng)[0]]),
        "es": lambda: sentence(_SPANISH.expand("{form}", rng)),
        "fr": lambda: rng.choice([french_sentence(rng), pair(rng)[1]]),
        "it": lambda: sentence(_ITALIAN.expand("{form}", rng)),
    }[LANGUAGES[number]]()
    if rng.random() < 0.2:
        text = text.lower().strip(".!?¿¡ ")
    if rng.random() < 0.3:  # a part of it, so that single words count
        parts = text.split()
        size = rng.randint(min(2, len(parts)), len(parts))
        start = rng.randint(0, len(parts) - size)
        text = " ".join(parts[start : start + size])
    return text, number


def lines(count: int = 16000, seed: int = 17) -> list[tuple[str, int]]:
    """Return `count` different sentences with their languages."""
    return unique(line, seed, count)
