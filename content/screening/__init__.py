"""The gate's eyes: what an edition's words and files hold that must not go out. Pure: values in, findings out."""

from __future__ import annotations

from content.screening.files import File, screen_file
from content.screening.findings import VERSION, Finding, Severity
from content.screening.gate import screen, screen_words, words_of
from content.screening.masking import highlight_body, highlight_text, mask_body, mask_text, mask_words

__all__ = ["VERSION", "File", "Finding", "Severity", "highlight_body", "highlight_text", "mask_body", "mask_text", "mask_words", "screen",
           "screen_file", "screen_words", "words_of"]
