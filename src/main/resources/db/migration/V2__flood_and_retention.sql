-- Entries beyond what is told one by one: counted, found again by their index, summed up in one
-- condition. leaf is the leaf hash in hex, empty if there is a finding as well, which says it.
CREATE TABLE untold (
  log    TEXT    NOT NULL,
  branch INTEGER NOT NULL,
  idx    BIGINT  NOT NULL,
  kind   TEXT    NOT NULL,
  watch  TEXT    NOT NULL,
  leaf   TEXT    NOT NULL,
  reason TEXT    NOT NULL,
  seen   BIGINT  NOT NULL,
  PRIMARY KEY (log, branch, idx, kind, watch)
);
CREATE INDEX untold_seen ON untold (log, seen);

-- How many findings of a kind a log and a watch had in an hour.
CREATE INDEX finding_hour ON finding (log, kind, watch, opened_at);

-- Deliveries that were made and forgotten since, so that their number only grows.
CREATE TABLE outbox_forgotten (
  receiver TEXT   NOT NULL PRIMARY KEY,
  sent     BIGINT NOT NULL
);

-- What may be forgotten.
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE state = 'SENT';
