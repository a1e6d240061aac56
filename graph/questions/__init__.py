"""Questions in words: `understand` reads one, `answer` answers it from the evidence, with citations.

`question_words.toml` holds how people ask, `lexicon` finds concepts in what they typed, `reading` gives them
roles, `evidence` asks the database, `answering` composes the answer, `printing` and `as_json` show it.
"""

from graph.questions.answering import answer
from graph.questions.reading import understand

__all__ = ["answer", "understand"]
