CREATE TABLE topics (
  id TEXT PRIMARY KEY, label TEXT NOT NULL, description TEXT NOT NULL, position INTEGER NOT NULL
);
CREATE TABLE concepts (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, definition TEXT,
  parent TEXT REFERENCES concepts(id) DEFERRABLE INITIALLY DEFERRED,
  polarity TEXT, domain TEXT, type TEXT, forms TEXT NOT NULL, mesh TEXT NOT NULL
);
CREATE INDEX concepts_kind ON concepts(kind);
CREATE INDEX concepts_parent ON concepts(parent);
CREATE TABLE concept_topics (
  concept TEXT NOT NULL REFERENCES concepts(id) ON DELETE CASCADE,
  topic TEXT NOT NULL REFERENCES topics(id), PRIMARY KEY (concept, topic)
);
CREATE INDEX concept_topics_topic ON concept_topics(topic);

CREATE TABLE records (
  pmid TEXT PRIMARY KEY, title TEXT NOT NULL, abstract TEXT NOT NULL, vernacular_title TEXT,
  authors_text TEXT NOT NULL, authors_complete INTEGER NOT NULL,
  journal TEXT, journal_abbreviation TEXT, issn TEXT, volume TEXT, issue TEXT, pages TEXT,
  year INTEGER, month INTEGER, day INTEGER, date_text TEXT, entered TEXT, revised TEXT, status TEXT,
  doi TEXT, pmcid TEXT, pmid_version INTEGER, languages TEXT NOT NULL, keywords TEXT NOT NULL, registrations TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('pubmed', 'file', 'sample')),
  retracted INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
  digest TEXT NOT NULL, retrieved_at TEXT
);
CREATE INDEX records_year ON records(year);
CREATE INDEX records_origin ON records(origin);
CREATE TABLE sections (
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE, section INTEGER NOT NULL,
  label TEXT, category TEXT, text TEXT NOT NULL, PRIMARY KEY (pmid, section)
);
CREATE TABLE other_abstracts (
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  kind TEXT, language TEXT, text TEXT NOT NULL, PRIMARY KEY (pmid, position)
);
CREATE TABLE authors (
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  last_name TEXT, fore_name TEXT, initials TEXT, suffix TEXT, collective TEXT, orcid TEXT, affiliations TEXT NOT NULL,
  PRIMARY KEY (pmid, position)
);
CREATE TABLE publication_types (
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  name TEXT NOT NULL, ui TEXT, PRIMARY KEY (pmid, position)
);
CREATE INDEX publication_types_name ON publication_types(name);
CREATE TABLE mesh_headings (
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  descriptor TEXT NOT NULL, ui TEXT, major INTEGER NOT NULL, qualifiers TEXT NOT NULL, PRIMARY KEY (pmid, position)
);
CREATE INDEX mesh_headings_descriptor ON mesh_headings(descriptor);
CREATE TABLE chemicals (
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  name TEXT NOT NULL, ui TEXT, registry_number TEXT, PRIMARY KEY (pmid, position)
);
CREATE TABLE reference_list (
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  cited_pmid TEXT, doi TEXT, citation TEXT, PRIMARY KEY (pmid, position)
);
CREATE INDEX reference_list_cited ON reference_list(cited_pmid);
CREATE TABLE corrections (
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  kind TEXT NOT NULL, notice_pmid TEXT, citation TEXT, note TEXT, PRIMARY KEY (pmid, position)
);

CREATE TABLE studies (
  pmid TEXT PRIMARY KEY REFERENCES records(pmid) ON DELETE CASCADE,
  on_topic INTEGER NOT NULL, relevance REAL NOT NULL, relevance_reasons TEXT NOT NULL,
  design TEXT NOT NULL, design_reason TEXT NOT NULL, question TEXT NOT NULL,
  level_nass TEXT, level_ocebm INTEGER, level_reason TEXT NOT NULL,
  patients INTEGER, lesions INTEGER, follow_up_months REAL, arms TEXT NOT NULL, primary_tumours TEXT NOT NULL,
  design_section INTEGER, design_start INTEGER, design_end INTEGER, design_text TEXT,
  patients_section INTEGER, patients_start INTEGER, patients_end INTEGER, patients_text TEXT,
  extractor_version TEXT NOT NULL, vocabulary TEXT NOT NULL, model TEXT
);
CREATE INDEX studies_level ON studies(level_nass);
CREATE INDEX studies_design ON studies(design);
CREATE TABLE record_topics (
  pmid TEXT NOT NULL REFERENCES studies(pmid) ON DELETE CASCADE,
  topic TEXT NOT NULL REFERENCES topics(id), PRIMARY KEY (pmid, topic)
);
CREATE INDEX record_topics_topic ON record_topics(topic);
CREATE TABLE mentions (
  key TEXT PRIMARY KEY, pmid TEXT NOT NULL REFERENCES studies(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  concept TEXT NOT NULL REFERENCES concepts(id), kind TEXT NOT NULL, role TEXT NOT NULL,
  negated INTEGER NOT NULL, hypothetical INTEGER NOT NULL,
  section INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
  sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, sentence TEXT NOT NULL
);
CREATE INDEX mentions_pmid ON mentions(pmid, section, start);
CREATE INDEX mentions_concept ON mentions(concept, pmid);
CREATE TABLE findings (
  key TEXT PRIMARY KEY, pmid TEXT NOT NULL REFERENCES studies(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  intervention TEXT REFERENCES concepts(id), comparator TEXT REFERENCES concepts(id), outcome TEXT REFERENCES concepts(id),
  measure TEXT NOT NULL, value REAL, unit TEXT, ci_low REAL, ci_high REAL, p REAL, p_relation TEXT,
  n INTEGER, timepoint_months REAL, direction TEXT NOT NULL, direction_reason TEXT NOT NULL,
  section INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE INDEX findings_pmid ON findings(pmid, section, start);
CREATE INDEX findings_intervention ON findings(intervention, outcome);
CREATE INDEX findings_comparator ON findings(comparator);
CREATE INDEX findings_outcome ON findings(outcome);
CREATE TABLE tool_performance (
  key TEXT PRIMARY KEY, pmid TEXT NOT NULL REFERENCES studies(pmid) ON DELETE CASCADE, position INTEGER NOT NULL,
  tool TEXT NOT NULL REFERENCES concepts(id), metric TEXT NOT NULL, value REAL NOT NULL, setting TEXT NOT NULL,
  ci_low REAL, ci_high REAL, horizon_months REAL, n INTEGER,
  section INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE INDEX tool_performance_pmid ON tool_performance(pmid);
CREATE INDEX tool_performance_tool ON tool_performance(tool);

CREATE TABLE claims (
  key TEXT PRIMARY KEY, subject_kind TEXT NOT NULL, subject TEXT NOT NULL REFERENCES concepts(id),
  comparator TEXT REFERENCES concepts(id), outcome TEXT REFERENCES concepts(id),
  studies INTEGER NOT NULL, level_i INTEGER NOT NULL, level_ii INTEGER NOT NULL, level_iii INTEGER NOT NULL,
  level_iv INTEGER NOT NULL, level_v INTEGER NOT NULL, no_level INTEGER NOT NULL,
  favours_intervention INTEGER NOT NULL, favours_comparator INTEGER NOT NULL, no_difference INTEGER NOT NULL,
  descriptive INTEGER NOT NULL, best_level TEXT, patients INTEGER, consistency TEXT NOT NULL
);
CREATE INDEX claims_subject ON claims(subject, outcome);
CREATE INDEX claims_outcome ON claims(outcome);
CREATE TABLE claim_evidence (
  claim TEXT NOT NULL REFERENCES claims(key) ON DELETE CASCADE, evidence TEXT NOT NULL,
  pmid TEXT NOT NULL REFERENCES records(pmid) ON DELETE CASCADE, PRIMARY KEY (claim, evidence)
);
CREATE INDEX claim_evidence_evidence ON claim_evidence(evidence);
CREATE INDEX claim_evidence_pmid ON claim_evidence(pmid);

CREATE TABLE sources (
  source TEXT PRIMARY KEY, digest TEXT NOT NULL, position INTEGER NOT NULL, complete INTEGER NOT NULL, updated_at TEXT NOT NULL
);
CREATE TABLE problems (
  source TEXT NOT NULL REFERENCES sources(source) ON DELETE CASCADE, number INTEGER NOT NULL, kind TEXT NOT NULL,
  identifier TEXT, reason TEXT NOT NULL, PRIMARY KEY (source, number, kind)
);
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
  records_new INTEGER NOT NULL DEFAULT 0, records_changed INTEGER NOT NULL DEFAULT 0, records_unchanged INTEGER NOT NULL DEFAULT 0,
  records_deleted INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,
  program_version TEXT NOT NULL, extractor_version TEXT NOT NULL, vocabulary TEXT NOT NULL
);

-- What may count as evidence: neither retracted nor deleted.
CREATE VIEW citable_records AS
  SELECT pmid, title, authors_text, journal, year, doi, origin FROM records WHERE NOT retracted AND NOT deleted;
CREATE VIEW readable_findings AS
  SELECT f.key, f.pmid, r.title, r.year, s.design, s.level_nass, s.patients, r.origin,
         i.label AS intervention, c.label AS comparator, o.label AS outcome,
         f.measure, f.value, f.unit, f.ci_low, f.ci_high, f.p_relation, f.p, f.n, f.timepoint_months, f.direction, f.text AS sentence
  FROM findings f JOIN records r ON r.pmid = f.pmid JOIN studies s ON s.pmid = f.pmid
  LEFT JOIN concepts i ON i.id = f.intervention LEFT JOIN concepts c ON c.id = f.comparator LEFT JOIN concepts o ON o.id = f.outcome
  WHERE NOT r.retracted AND NOT r.deleted;
CREATE VIEW readable_claims AS
  SELECT k.key, k.subject_kind, i.label AS subject, c.label AS comparator, o.label AS outcome, k.best_level, k.consistency,
         k.studies, k.favours_intervention, k.favours_comparator, k.no_difference, k.descriptive, k.patients
  FROM claims k LEFT JOIN concepts i ON i.id = k.subject LEFT JOIN concepts c ON c.id = k.comparator LEFT JOIN concepts o ON o.id = k.outcome;
