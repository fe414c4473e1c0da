"""Texts for property tests: arbitrary Unicode, and what normalization has rules for put together in any order."""

from hypothesis import strategies as st

_VISIBLE = (
    "ا ل ة ى أ إ آ ٱ ٲ ی ک ھ ہ ۃ ڤ گ كلمة الاخيرة ال 24 ٣ ۴ 7 . .. ... … ، ؛ ؟ ! : - — _ # ( ) [ ] \" '' ' ’ “ ” « » "
    "& < > ; amp lt gt #38 #1575; b p br h1 script </script> <script> <!-- --> <b> </p> &amp; &lt; &nbsp; &#x200f; &LT; "
    "Ø § Ù „ Ã © â € œ Ø§Ù„Ø¹Ø±Ø¨ÙŠØ© ط ظ ط§ظ„ط¹ط±ط¨ظٹط© ÇáÚÑÈíÉ J İ Σ Ａ ＆ ； ＜ 𝐀 ﻻ ﷺ ﷲ ﮎ 😀 م. د. بي.بي.سي 3.5 موسكو رويترز"
)
_INVISIBLE = (
    "ـ", "َ", "ّ", "ً", "\u0654", "\u0653", "\u0301", "\u0307", "\u0323", "\u0344", "\u030c", " ", "  ", "\n", "\r\n", "\t",
    "\u200b", "\u200d", "\u200f", "\u202e", "\u2067", "\xa0", "\xad", "\u2028", "\ufeff", "\x00", "\x85", "\x93", "\u1100",
    "\u1161", "\u11a8", "\U000e0041", "\ufe0f",
)  # fmt: skip
PIECES = (*_VISIBLE.split(), *_INVISIBLE)

any_text = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=16).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.characters()), max_size=16).map("".join),
)
"""Any text, lone surrogates too."""

storable_text = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=60), st.lists(st.sampled_from(PIECES), max_size=24).map("".join)
)
"""Any text that a record can carry."""
