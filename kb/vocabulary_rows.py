"""The vocabulary in the database, so that pages and queries know labels, parents and topics."""

from __future__ import annotations

from sqlite_utils import Database

from kb.progress import transaction
from kb.rows import list_text
from kb.vocabulary.concept import Vocabulary

_REFERENCES = """
  SELECT concept FROM mentions
  UNION SELECT intervention FROM findings UNION SELECT comparator FROM findings
  UNION SELECT outcome FROM findings
  UNION SELECT tool FROM tool_performance
  UNION SELECT subject FROM claims UNION SELECT comparator FROM claims UNION SELECT outcome FROM claims
  UNION SELECT population FROM claims
  UNION SELECT parent FROM concepts
"""


def write_vocabulary(db: Database, vocabulary: Vocabulary) -> None:
    """Bring the stored topics and concepts to `vocabulary`; writing it twice changes nothing.

    A concept or topic that vanished from the vocabulary stays as long as stored evidence refers to it.
    """
    with transaction(db):
        db.conn.executemany(
            "INSERT INTO topics (id, label, description, position) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET label = excluded.label, description = excluded.description,"
            " position = excluded.position",
            [
                (topic.id, topic.label, topic.description, topic.position)
                for topic in vocabulary.topics.values()
            ],
        )
        _write_concepts(db, vocabulary)
        _remove_vanished(db, vocabulary)


def _write_concepts(db: Database, vocabulary: Vocabulary) -> None:
    columns = ("id", "kind", "label", "definition", "parent", "polarity", "domain", "type", "forms", "mesh")
    update = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    concepts = vocabulary.concepts.values()
    db.conn.executemany(
        f"INSERT INTO concepts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        f" ON CONFLICT (id) DO UPDATE SET {update}",
        [
            (c.id, c.kind, c.label, c.definition, c.parent, c.polarity, c.domain, c.type,
             list_text(c.forms), list_text(c.mesh))
            for c in concepts
        ],
    )  # fmt: skip
    db.conn.executemany("DELETE FROM concept_topics WHERE concept = ?", [(c.id,) for c in concepts])
    pairs = [(c.id, topic) for c in concepts for topic in dict.fromkeys(c.topics)]
    db.conn.executemany("INSERT INTO concept_topics (concept, topic) VALUES (?, ?)", pairs)


def _remove_vanished(db: Database, vocabulary: Vocabulary) -> None:
    referred = {row[0] for row in db.execute(_REFERENCES)}
    vanished = [row[0] for row in db.execute("SELECT id FROM concepts") if row[0] not in vocabulary.concepts]
    while removable := [concept for concept in vanished if concept not in referred]:
        db.conn.executemany("DELETE FROM concepts WHERE id = ?", [(concept,) for concept in removable])
        vanished = [concept for concept in vanished if concept in referred]
        referred = {row[0] for row in db.execute(_REFERENCES)}
    used = {
        row[0] for row in db.execute("SELECT topic FROM record_topics UNION SELECT topic FROM concept_topics")
    }
    gone = {row[0] for row in db.execute("SELECT id FROM topics")} - set(vocabulary.topics) - used
    db.conn.executemany("DELETE FROM topics WHERE id = ?", [(topic,) for topic in sorted(gone)])
