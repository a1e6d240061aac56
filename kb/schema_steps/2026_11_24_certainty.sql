-- Grades, populations and which paper counts for which study. Stored claims get them at the next build.
ALTER TABLE claims ADD COLUMN population TEXT REFERENCES concepts(id);
ALTER TABLE claims ADD COLUMN grade TEXT;
ALTER TABLE claims ADD COLUMN grade_reasons TEXT;
ALTER TABLE claims ADD COLUMN best_ocebm INTEGER;
ALTER TABLE claims ADD COLUMN synopses INTEGER;
ALTER TABLE claims ADD COLUMN with_numbers INTEGER;
CREATE INDEX claims_population ON claims(population);
CREATE TABLE claim_papers (
  claim TEXT NOT NULL REFERENCES claims(key) ON DELETE CASCADE,
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE,
  study TEXT, counted INTEGER NOT NULL, level_nass TEXT, level_ocebm INTEGER, patients INTEGER,
  directions TEXT NOT NULL, synopsis INTEGER NOT NULL, reason TEXT, PRIMARY KEY (claim, pmid)
);
CREATE INDEX claim_papers_pmid ON claim_papers(pmid);

-- What changed since claims were last counted, noted by the database itself whoever writes. (INSERT OR IGNORE would not
-- do: inside a trigger the outer statement decides what happens on a conflict.)
CREATE TABLE changed_records (pmid TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE claims_basis (id INTEGER PRIMARY KEY CHECK (id = 1), rules TEXT NOT NULL);
CREATE TRIGGER records_changed_by_insert AFTER INSERT ON records BEGIN INSERT INTO changed_records SELECT new.pmid WHERE new.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER records_changed_by_update AFTER UPDATE ON records BEGIN INSERT INTO changed_records SELECT new.pmid WHERE new.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER studies_changed_by_insert AFTER INSERT ON studies BEGIN INSERT INTO changed_records SELECT new.pmid WHERE new.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER studies_changed_by_update AFTER UPDATE ON studies BEGIN INSERT INTO changed_records SELECT new.pmid WHERE new.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER studies_changed_by_delete AFTER DELETE ON studies BEGIN INSERT INTO changed_records SELECT old.pmid WHERE old.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER findings_changed_by_insert AFTER INSERT ON findings BEGIN INSERT INTO changed_records SELECT new.pmid WHERE new.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER findings_changed_by_update AFTER UPDATE ON findings BEGIN INSERT INTO changed_records SELECT new.pmid WHERE new.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER findings_changed_by_delete AFTER DELETE ON findings BEGIN INSERT INTO changed_records SELECT old.pmid WHERE old.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER tool_performance_changed_by_insert AFTER INSERT ON tool_performance BEGIN INSERT INTO changed_records SELECT new.pmid WHERE new.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER tool_performance_changed_by_update AFTER UPDATE ON tool_performance BEGIN INSERT INTO changed_records SELECT new.pmid WHERE new.pmid NOT IN (SELECT pmid FROM changed_records); END;
CREATE TRIGGER tool_performance_changed_by_delete AFTER DELETE ON tool_performance BEGIN INSERT INTO changed_records SELECT old.pmid WHERE old.pmid NOT IN (SELECT pmid FROM changed_records); END;
INSERT INTO changed_records SELECT pmid FROM studies;

DROP VIEW readable_claims;
CREATE VIEW readable_claims AS
  SELECT k.key, k.subject_kind, i.label AS subject, c.label AS comparator, o.label AS outcome, p.label AS population,
         k.grade, k.best_level, k.best_ocebm, k.consistency, k.studies, k.favours_intervention, k.favours_comparator,
         k.no_difference, k.descriptive, k.patients, k.synopses, k.grade_reasons
  FROM claims k LEFT JOIN concepts i ON i.id = k.subject LEFT JOIN concepts c ON c.id = k.comparator
  LEFT JOIN concepts o ON o.id = k.outcome LEFT JOIN concepts p ON p.id = k.population;
