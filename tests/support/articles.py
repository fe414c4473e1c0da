"""Articles to load the pipeline with: our own sentences, put together so that no two are alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from schemas.articles_raw import RawArticle
from services.producer.admission import admit
from services.producer.candidate import Candidate

PLACES = ("حلب", "إدلب", "الموصل", "عدن", "صنعاء", "طرابلس", "بنغازي", "بيروت", "الخرطوم", "غزة", "دمشق", "البصرة")
PEOPLE = ("سالم الخطيب", "ناديا حداد", "عمر الصباغ", "ليلى منصور", "خالد العمري", "رنا الشامي", "فؤاد الجابري")
OPENINGS = (
    "أعلنت السلطات المحلية في {place} أن {count} شخصا أصيبوا في {what}",
    "قال {person} إن {what} في {place} أوقع {count} جريحا",
    "شهدت مدينة {place} اليوم {what} أسفر عن سقوط {count} قتيلا بحسب مصدر طبي",
    "أفاد {person} بأن فرق الإنقاذ وصلت إلى {place} بعد {what}",
)
EVENTS = ("انفجار كبير", "قصف مدفعي", "حريق في سوق شعبي", "انهيار مبنى قديم", "غارة جوية", "اشتباك مسلح", "سيول جارفة")
LETTERS = "بتجحدرزسشصطعفقكلمنهوي"
FOLLOW_UPS = (
    "وأضاف {person} أن عدد المصابين مرشح للارتفاع خلال الساعات المقبلة.",
    "ولم تعلن أي جهة مسؤوليتها عن الحادث حتى مساء {day}.",
    "وأكد شهود عيان أن سيارات الإسعاف نقلت {count} مصابا إلى مستشفى {place}.",
    "من جهتها دعت وزارة الصحة المواطنين إلى التبرع بالدم في مراكز {place}.",
    "وكانت المنطقة قد شهدت حادثا مماثلا قبل {count} يوما.",
    'وقال {person} "نتابع الوضع عن كثب وننسق مع فرق الدفاع المدني".',
)
DAYS = ("السبت", "الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة")
START = datetime(2026, 3, 1, tzinfo=UTC)


def articles(count: int, seed: int = 1) -> Iterator[RawArticle]:
    """`count` articles, the same for the same seed; about one in ten is a copy of an earlier one by another outlet."""
    dice = random.Random(seed)
    earlier: list[str] = []
    for number in range(count):
        if earlier and dice.random() < 0.1:
            text = dice.choice(earlier)
        else:
            text = _text(dice, number)
            earlier.append(text)
        yield admit(
            Candidate(
                f"load:{number}",
                {
                    "source": f"outlet-{number % 7}",
                    "url": f"https://outlet-{number % 7}.example/{seed}/{number}",
                    "title": text.split(".")[0][:80],
                    "text": text,
                    "published_at": (START + timedelta(minutes=number)).isoformat(),
                },
            ),
            max_text_bytes=256 * 1024,
            min_arabic_share=0.5,
            fetched_at=START + timedelta(minutes=number),
        )


def invented(dice: random.Random, words: int) -> str:
    """Words that mean nothing, so that two articles are two stories."""
    return " ".join("".join(dice.choices(LETTERS, k=dice.randrange(3, 7))) for _ in range(words))


def _text(dice: random.Random, number: int) -> str:
    words = {
        "place": dice.choice(PLACES),
        "person": dice.choice(PEOPLE),
        "count": str(10 + number),
        "what": dice.choice(EVENTS),
        "day": dice.choice(DAYS),
    }
    sentences = [dice.choice(OPENINGS).format(**words) + "."]
    for follow_up in dice.sample(FOLLOW_UPS, 4):
        words |= {"person": dice.choice(PEOPLE), "count": str(dice.randrange(3, 90)), "place": dice.choice(PLACES)}
        sentences.append(follow_up.format(**words))
        sentences.append(f"وجاء في بيان {invented(dice, 4)} أن {invented(dice, 14)}.")
    return "\n".join(sentences)
