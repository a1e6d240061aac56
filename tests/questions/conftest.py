"""The bundled sample as a knowledge base, built once for all tests of questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from kb.schema import open_database
from spinemets.building import build_knowledge_base


@pytest.fixture(scope="session")
def sample_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions") / "sample.db"
    build_knowledge_base(path, sample=True, files=(), jobs=1, progress=False)
    return path


@pytest.fixture
def sample(sample_path: Path) -> Iterator[Database]:
    db = open_database(sample_path)
    yield db
    db.close()
