-- Observations in the order in which they were written or changed last: seq is a number of the log's
-- own that only grows, changed_at is when.
ALTER TABLE observation ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE observation ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
UPDATE observation SET seq = n.number, changed_at = n.first_seen FROM (
  SELECT log, branch, idx, watch, first_seen,
    row_number() OVER (PARTITION BY log ORDER BY branch, idx, watch) AS number FROM observation
) AS n
WHERE observation.log = n.log AND observation.branch = n.branch AND observation.idx = n.idx
  AND observation.watch = n.watch;
CREATE INDEX observation_seq ON observation (log, seq);

-- The last number of each log, taken inside the transaction that uses it.
CREATE TABLE observation_count (
  log TEXT   NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
INSERT INTO observation_count (log, seq) SELECT log, max(seq) FROM observation GROUP BY log;

-- Topics that observations are written to. id is what tells this database from others there.
CREATE TABLE feed (
  topic TEXT NOT NULL PRIMARY KEY,
  id    TEXT NOT NULL
);

-- Up to which number a topic has the observations of a log.
CREATE TABLE feed_cursor (
  topic TEXT   NOT NULL REFERENCES feed (topic),
  log   TEXT   NOT NULL,
  seq   BIGINT NOT NULL,
  PRIMARY KEY (topic, log)
);

-- Topics that allowlists are read from: which one it was, by Kafka's own id, the offset that is read
-- next, and when the list was last known to be level with the topic; 0 for never.
CREATE TABLE allowlist_topic (
  list     TEXT   NOT NULL PRIMARY KEY,
  topic    TEXT   NOT NULL,
  topic_id TEXT   NOT NULL,
  next     BIGINT NOT NULL,
  level_at BIGINT NOT NULL
);

-- Who put the line where it stands, or revoked it: api, topic.
ALTER TABLE allowlist_line ADD COLUMN source TEXT NOT NULL DEFAULT 'api';
