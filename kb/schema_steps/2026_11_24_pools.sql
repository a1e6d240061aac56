-- Exploratory summaries over comparable results of a claim: derived numbers, never used for a grade.
CREATE TABLE claim_pools (
  claim TEXT NOT NULL REFERENCES claims(key) ON DELETE CASCADE, measure TEXT NOT NULL, time_window TEXT NOT NULL,
  studies INTEGER NOT NULL, estimate REAL NOT NULL, ci_low REAL NOT NULL, ci_high REAL NOT NULL,
  predicted_low REAL NOT NULL, predicted_high REAL NOT NULL, tau2 REAL NOT NULL, i2 REAL NOT NULL, q REAL NOT NULL,
  method TEXT NOT NULL, inputs TEXT NOT NULL, PRIMARY KEY (claim, measure, time_window)
);
