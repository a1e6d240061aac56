"""Questions in words: `understand` reads one, `answer` answers it from the evidence, with citations.

Reading: `question_words.toml` (with `phrasing`) holds how people ask, `lexicon` finds concepts in what they
typed, `amounts` reads times and doses,
`roles` tells the sides of a comparison apart, `reading` puts it together as an `Understanding`.
Answering: `asked` turns it into concepts to look for, `evidence` asks the database, `claims`, `tools`,
`newer_models`, `further` and `nearest` choose, `composing` and `summing_up` put into words, `answering` makes the `Answer`.
`printing` shows it as text. Imports kb.
"""

from graph.questions.answering import answer
from graph.questions.reading import understand

__all__ = ["answer", "understand"]
