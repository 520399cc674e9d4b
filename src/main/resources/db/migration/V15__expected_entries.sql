-- What lines of allowlists say must appear in logs, by when. log: a log or family by the operator's
-- name, empty for any. source: file, api. state: waiting, met, missing, late. uid: the finding that
-- tells that it is missing, empty for none.
CREATE TABLE expected_entry (
  list       TEXT   NOT NULL,
  source     TEXT   NOT NULL,
  line       TEXT   NOT NULL,
  log        TEXT   NOT NULL,
  due_at     BIGINT NOT NULL,
  state      TEXT   NOT NULL,
  uid        TEXT   NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (list, source, line, log)
);
CREATE INDEX expected_entry_due ON expected_entry (due_at, list, source, line, log)
  WHERE state = 'waiting';
CREATE INDEX expected_entry_missing ON expected_entry (line) WHERE state = 'missing';

-- Through when logs were read to their end: whatever a log had then was judged.
CREATE TABLE log_reading (
  log     TEXT   NOT NULL PRIMARY KEY,
  through BIGINT NOT NULL
);

-- Which entries are about a certificate.
CREATE INDEX observation_certificate ON observation (certificate) WHERE certificate IS NOT NULL;
