"""Could two names be one person's? For suggestions only: nothing here proves anything."""

import re
import unicodedata

# What meeting services put behind a name: "Ana Lee (Guest)", "Ana Lee [Extern]".
_LABEL = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
# Shorter ones, such as "it" and "a.b", are shared by too many.
SHORTEST_LOCAL_PART = 4
# Combining classes from here on are accents and points. Those below, virama and nukta, make other letters.
FIRST_ACCENT_CLASS = 10


def words(name: str) -> list[str]:
    """The words without case, accents, width, punctuation and a label in brackets: "LÉE, Ana (Guest)" → lee, ana."""
    plain = _LABEL.sub("", name) or name
    # Twice, because folding may bring out letters that decompose further.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    return "".join(_folded_letter(letter) for letter in decomposed).split()


def _folded_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf" or unicodedata.combining(letter) >= FIRST_ACCENT_CLASS:
        return ""
    return letter if category[0] in "LMN" else " "


def folded(name: str) -> str:
    return " ".join(words(name))


def in_any_order(name: str) -> str:
    return " ".join(sorted(words(name)))


def local_part(email: str) -> str:
    """What stands before the @, folded like a name: "Ana.Lee+class@…" → "ana lee". Empty where it says too little."""
    local = folded(email.partition("@")[0].partition("+")[0])
    return local if len(local) >= SHORTEST_LOCAL_PART else ""
