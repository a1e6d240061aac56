-- Grades that people signed, beside the pre-filled ones. Signatures name what a claim says in words of their own and refer to
-- no other table: claims are counted anew, concepts come and go, and what a person signed stays.
CREATE TABLE grade_signatures (
  id INTEGER PRIMARY KEY, claim TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL, comparator TEXT,
  outcome TEXT, population TEXT, grade TEXT NOT NULL CHECK (grade IN ('A', 'B', 'C', 'I')), computed_grade TEXT,
  signed_by TEXT NOT NULL CHECK (trim(signed_by) <> ''), signed_on TEXT NOT NULL, reason TEXT NOT NULL CHECK (trim(reason) <> ''),
  evidence_digest TEXT NOT NULL, papers TEXT NOT NULL, recorded_at TEXT NOT NULL,
  withdrawn_by TEXT, withdrawn_on TEXT, withdrawn_reason TEXT
);
CREATE INDEX grade_signatures_claim ON grade_signatures(claim);
ALTER TABLE claims ADD COLUMN evidence_digest TEXT;

-- Studies whose better (or worse) result is one against the same patients before treatment, not against another treatment.
-- Claims that were stored before know it from the next build on.
ALTER TABLE claims ADD COLUMN better_than_before INTEGER;
ALTER TABLE claims ADD COLUMN worse_than_before INTEGER;
ALTER TABLE claim_papers ADD COLUMN against_before INTEGER NOT NULL DEFAULT 0;

-- The signature of each claim that is in force: the last one, unless it was withdrawn. It is out of date as soon as the
-- claim rests on other evidence than was signed, or a paper that was signed is retracted or withdrawn.
CREATE VIEW signed_grades AS
  SELECT g.id, g.claim, g.subject_kind, g.subject, g.comparator, g.outcome, g.population, g.grade AS signed_grade, g.signed_by,
         g.signed_on, g.reason AS signed_reason, g.computed_grade AS grade_then, k.grade AS grade_now, g.papers,
         CASE WHEN k.key IS NULL THEN 'no evidence left'
              WHEN EXISTS (SELECT 1 FROM json_each(g.papers) p JOIN records r ON r.pmid = p.value WHERE r.retracted OR r.deleted)
              THEN 'out of date'
              WHEN k.evidence_digest IS NOT g.evidence_digest THEN 'out of date'
              ELSE 'in force' END AS signature_state
  FROM grade_signatures g LEFT JOIN claims k ON k.key = g.claim
  WHERE g.withdrawn_on IS NULL AND g.id = (SELECT max(s.id) FROM grade_signatures s WHERE s.claim = g.claim);
DROP VIEW readable_findings;
CREATE VIEW readable_findings AS
  SELECT f.key, f.pmid, r.title, r.year, s.design, s.level_nass, s.patients, r.origin, r.retracted,
         i.label AS intervention, c.label AS comparator, o.label AS outcome,
         f.measure, f.value, f.unit, f.ci_low, f.ci_high, f.p_relation, f.p, f.n, f.timepoint_months, f.direction,
         f.direction_reason, f.text AS sentence
  FROM findings f JOIN records r ON r.pmid = f.pmid JOIN studies s ON s.pmid = f.pmid
  LEFT JOIN concepts i ON i.id = f.intervention LEFT JOIN concepts c ON c.id = f.comparator LEFT JOIN concepts o ON o.id = f.outcome
  WHERE NOT r.retracted AND NOT r.deleted;
DROP VIEW readable_claims;
CREATE VIEW readable_claims AS
  SELECT k.key, k.subject_kind, i.label AS subject, c.label AS comparator, o.label AS outcome, p.label AS population,
         k.grade, g.signed_grade, g.signed_by, g.signed_on, g.signature_state,
         k.best_level, k.best_ocebm, k.consistency, k.studies, k.favours_intervention, k.favours_comparator,
         k.no_difference, k.descriptive, k.better_than_before, k.worse_than_before, k.patients, k.synopses, k.grade_reasons
  FROM claims k LEFT JOIN concepts i ON i.id = k.subject LEFT JOIN concepts c ON c.id = k.comparator
  LEFT JOIN concepts o ON o.id = k.outcome LEFT JOIN concepts p ON p.id = k.population
  LEFT JOIN signed_grades g ON g.claim = k.key;
