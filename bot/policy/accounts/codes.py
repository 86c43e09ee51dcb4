"""Linking codes and nonces: how they look, and the hash by which alone storage knows them."""

import hashlib
import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a code on paper reads only one way."""

CODE_LENGTH = 12
"""Sixty bits: with five guesses an hour, nobody lives to see one guessed."""

_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None, "_": None})


def normalised(code: str) -> str:
    """A code as typed from paper, in its one true form."""
    return code.strip().upper().translate(_MISREAD)


_FORM = re.compile(r"[0-9A-Z]{4}([- ]?)[0-9A-Z]{4}\1[0-9A-Z]{4}", re.IGNORECASE | re.ASCII)


def has_form_of_code(text: str) -> bool:
    """Whether a text is twelve signs of a code, run together or in fours as on paper."""
    return _FORM.fullmatch(text.strip()) is not None and set(normalised(text)) <= set(ALPHABET)


def reads_like_code(text: str) -> bool:
    """Whether a text in a code's form can hardly be words: those hold no digit and no hyphens."""
    return "-" in text or any(sign in "0123456789" for sign in text)


def hash_of_code(code: str) -> str:
    """What storage knows of a linking code."""
    return hashlib.sha256(f"code:{normalised(code)}".encode()).hexdigest()


def hash_of_nonce(nonce: str) -> str:
    """What storage knows of a start-group link."""
    return hashlib.sha256(f"nonce:{nonce}".encode()).hexdigest()


def written(code: str) -> str:
    """A code as it stands on paper: ``K7QF-29XM-PATD``."""
    plain = normalised(code)
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
