-- Evidence says beside each row whether its paper is a synopsis, retracted or withdrawn, so that no export loses it.
ALTER TABLE mentions ADD COLUMN origin TEXT;
ALTER TABLE mentions ADD COLUMN retracted INTEGER;
ALTER TABLE mentions ADD COLUMN deleted INTEGER;
ALTER TABLE findings ADD COLUMN origin TEXT;
ALTER TABLE findings ADD COLUMN retracted INTEGER;
ALTER TABLE findings ADD COLUMN deleted INTEGER;
ALTER TABLE tool_performance ADD COLUMN origin TEXT;
ALTER TABLE tool_performance ADD COLUMN retracted INTEGER;
ALTER TABLE tool_performance ADD COLUMN deleted INTEGER;
UPDATE mentions SET (origin, retracted, deleted) = (SELECT origin, retracted, deleted FROM records r WHERE r.pmid = mentions.pmid);
UPDATE findings SET (origin, retracted, deleted) = (SELECT origin, retracted, deleted FROM records r WHERE r.pmid = findings.pmid);
UPDATE tool_performance SET (origin, retracted, deleted) = (SELECT origin, retracted, deleted FROM records r WHERE r.pmid = tool_performance.pmid);
CREATE TRIGGER mentions_marked AFTER INSERT ON mentions BEGIN
  UPDATE mentions SET (origin, retracted, deleted) = (SELECT origin, retracted, deleted FROM records WHERE pmid = new.pmid) WHERE key = new.key;
END;
CREATE TRIGGER findings_marked AFTER INSERT ON findings BEGIN
  UPDATE findings SET (origin, retracted, deleted) = (SELECT origin, retracted, deleted FROM records WHERE pmid = new.pmid) WHERE key = new.key;
END;
CREATE TRIGGER tool_performance_marked AFTER INSERT ON tool_performance BEGIN
  UPDATE tool_performance SET (origin, retracted, deleted) = (SELECT origin, retracted, deleted FROM records WHERE pmid = new.pmid) WHERE key = new.key;
END;
CREATE TRIGGER records_marked AFTER UPDATE OF origin, retracted, deleted ON records
WHEN (old.origin, old.retracted, old.deleted) IS NOT (new.origin, new.retracted, new.deleted) BEGIN
  UPDATE mentions SET origin = new.origin, retracted = new.retracted, deleted = new.deleted WHERE pmid = new.pmid;
  UPDATE findings SET origin = new.origin, retracted = new.retracted, deleted = new.deleted WHERE pmid = new.pmid;
  UPDATE tool_performance SET origin = new.origin, retracted = new.retracted, deleted = new.deleted WHERE pmid = new.pmid;
END;

DROP VIEW readable_findings;
CREATE VIEW readable_findings AS
  SELECT f.key, f.pmid, r.title, r.year, s.design, s.level_nass, s.patients, r.origin, r.retracted,
         i.label AS intervention, c.label AS comparator, o.label AS outcome,
         f.measure, f.value, f.unit, f.ci_low, f.ci_high, f.p_relation, f.p, f.n, f.timepoint_months, f.direction, f.text AS sentence
  FROM findings f JOIN records r ON r.pmid = f.pmid JOIN studies s ON s.pmid = f.pmid
  LEFT JOIN concepts i ON i.id = f.intervention LEFT JOIN concepts c ON c.id = f.comparator LEFT JOIN concepts o ON o.id = f.outcome
  WHERE NOT r.retracted AND NOT r.deleted;
