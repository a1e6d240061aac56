-- What each run changed, paper by paper: what is new since last time.
CREATE TABLE changes (
  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE,
  change TEXT NOT NULL CHECK (change IN ('new', 'changed', 'retracted', 'reinstated', 'withdrawn')), PRIMARY KEY (run, pmid)
) WITHOUT ROWID;
CREATE INDEX changes_pmid ON changes(pmid);
ALTER TABLE runs ADD COLUMN screened_out INTEGER NOT NULL DEFAULT 0;
