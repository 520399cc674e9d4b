-- Which revisions of watches judged which ranges of logs. A set is all watches that judged together;
-- digest is the SHA-256 of their revisions, in hex.
CREATE TABLE watch_set (
  id     BIGINT NOT NULL PRIMARY KEY,
  digest TEXT   NOT NULL,
  at     BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('watch-set', 0);

-- The revision that a watch has in all sets from first_set to last_set; without last_set it still
-- is in the newest. selects and expects are digests of whom it selects and of what it expects.
CREATE TABLE watch_revision (
  watch     TEXT   NOT NULL,
  first_set BIGINT NOT NULL,
  last_set  BIGINT,
  selects   TEXT   NOT NULL,
  expects   TEXT   NOT NULL,
  PRIMARY KEY (watch, first_set)
);
CREATE INDEX watch_revision_newest ON watch_revision (last_set);

-- The proven entries [from_idx, to_idx) of a log that a set judged, and between which times.
CREATE TABLE coverage (
  log       TEXT   NOT NULL,
  watch_set BIGINT NOT NULL,
  from_idx  BIGINT NOT NULL,
  to_idx    BIGINT NOT NULL,
  first_at  BIGINT NOT NULL,
  last_at   BIGINT NOT NULL,
  PRIMARY KEY (log, watch_set, from_idx)
);
