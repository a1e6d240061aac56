-- Which search found what, so that a search can be reported exactly (PRISMA-S).
CREATE TABLE searches (
  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, strategy TEXT NOT NULL, strategy_version TEXT NOT NULL,
  query TEXT NOT NULL, promised INTEGER, searched_at TEXT NOT NULL, PRIMARY KEY (run, strategy, strategy_version)
);
-- No reference to records: a paper is found before it is fetched, and stays found when it is never stored.
CREATE TABLE found_by (
  pmid TEXT NOT NULL, strategy TEXT NOT NULL, strategy_version TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs(id), found_at TEXT NOT NULL, PRIMARY KEY (pmid, strategy, strategy_version)
) WITHOUT ROWID;
CREATE INDEX found_by_strategy ON found_by(strategy, strategy_version);
CREATE INDEX found_by_run ON found_by(run);
-- Read and judged off topic while streaming, so never stored as records.
CREATE TABLE screened_out (
  pmid TEXT PRIMARY KEY, reason TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs(id), screened_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX screened_out_reason ON screened_out(reason);
CREATE INDEX screened_out_run ON screened_out(run);
