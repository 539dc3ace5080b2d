"""Pure: what needs no document: a greeting, a thank-you, a goodbye, "who are you?".

Only a message that is nothing but one of these phrases is answered here, with a fixed
sentence that claims nothing. Everything else is a question and goes to the documents.
"""

from __future__ import annotations

import re

_LONGEST = 60  # characters of a message that can be small talk

# Per language: phrases and the reply, for greeting, thanks, goodbye, and who are you.
_PHRASES: tuple[tuple[str, str], ...] = (
    # English
    (
        "hello|hi|hey|hello there|hi there|hey there|good morning|good afternoon|good evening",
        "Hello! I am {name}. Ask me a question and I will look for the answer in the documents.",
    ),
    (
        "thanks|thank you|thank you very much|thanks a lot|many thanks|thx|great thanks",
        "You are welcome!",
    ),
    ("bye|goodbye|bye bye|see you|see you later|good night", "Goodbye!"),
    (
        "who are you|what are you|what is your name|what can you do|are you a bot|are you human",
        "I am {name}, an assistant program. I answer questions from the documents I was given "
        "and show where each answer stands.",
    ),
    # Deutsch
    (
        "hallo|hallo zusammen|guten morgen|guten tag|guten abend|moin|servus|grüezi|grüß gott",
        "Hallo! Ich bin {name}. Stellen Sie mir eine Frage, ich suche die Antwort in den "
        "Dokumenten.",
    ),
    ("danke|danke schön|dankeschön|vielen dank|besten dank|danke sehr", "Gern geschehen!"),
    ("tschüss|tschüß|auf wiedersehen|bis bald|gute nacht", "Auf Wiedersehen!"),
    (
        "wer bist du|wer sind sie|wie heißt du|wie heißen sie|was kannst du|was können sie",
        "Ich bin {name}, ein Assistenzprogramm. Ich beantworte Fragen aus den Dokumenten, die "
        "ich bekommen habe, und zeige, wo die Antwort steht.",
    ),
    # Français
    (
        "bonjour|bonsoir|salut|coucou",
        "Bonjour ! Je suis {name}. Posez-moi une question, je cherche la réponse dans les "
        "documents.",
    ),
    ("merci|merci beaucoup|merci bien|je vous remercie", "Avec plaisir !"),
    ("au revoir|à bientôt|bonne nuit", "Au revoir !"),
    (
        "qui es tu|qui êtes vous|tu es qui|vous êtes qui|que peux tu faire|que pouvez vous faire",
        "Je suis {name}, un programme d'assistance. Je réponds à partir des documents que j'ai "
        "reçus et je montre où se trouve la réponse.",
    ),
    # Español
    (
        "hola|buenos días|buenos dias|buenas tardes|buenas noches|buenas",
        "¡Hola! Soy {name}. Hágame una pregunta y buscaré la respuesta en los documentos.",
    ),
    ("gracias|muchas gracias|mil gracias", "¡De nada!"),
    ("adiós|adios|hasta luego|hasta pronto", "¡Hasta luego!"),
    (
        "quién eres|quien eres|quién es usted|qué puedes hacer|que puedes hacer",
        "Soy {name}, un programa de asistencia. Respondo a partir de los documentos que he "
        "recibido y muestro dónde está cada respuesta.",
    ),
    # Italiano
    (
        "ciao|buongiorno|buonasera|salve",
        "Buongiorno! Sono {name}. Mi faccia una domanda e cercherò la risposta nei documenti.",
    ),
    ("grazie|grazie mille|molte grazie", "Prego!"),
    ("arrivederci|buonanotte|a presto", "Arrivederci!"),
)

_REPLIES = {phrase: reply for phrases, reply in _PHRASES for phrase in phrases.split("|")}


def reply(message: str, *, name: str) -> str | None:
    """The answer to small talk; None when the message is a question."""
    if len(message) > _LONGEST:
        return None
    plain = " ".join(re.findall(r"\w+", message.casefold().replace("'s ", " is ")))
    found = _REPLIES.get(plain.removesuffix(f" {name.casefold()}"))
    return found.format(name=name) if found else None
