-- One schema for SQLite and PostgreSQL. ${bytes} is BLOB or BYTEA. Times are milliseconds since 1970
-- in UTC, yes and no are 1 and 0, hashes are 32 bytes, a range is its hashes side by side, largest
-- subtree first.

-- A log by the operator's name for it, and what it is whatever it is called: origin and key id.
CREATE TABLE log (
  name     TEXT   NOT NULL PRIMARY KEY,
  identity TEXT   NOT NULL,
  begun_at BIGINT NOT NULL
);

-- The histories that a log has shown. Branch 0 is the proven one.
CREATE TABLE log_view (
  log       TEXT    NOT NULL REFERENCES log (name),
  branch    INTEGER NOT NULL,
  head_size BIGINT  NOT NULL,
  head_root ${bytes} NOT NULL,
  head_note TEXT    NOT NULL,
  head_seen BIGINT  NOT NULL,
  pos_size  BIGINT  NOT NULL,
  pos_root  ${bytes} NOT NULL,
  pos_range ${bytes} NOT NULL,
  PRIMARY KEY (log, branch)
);

-- Heads that were once the newest of their view; bounded, the older the sparser. The note's length in
-- characters stands before it, so that adding lengths reads no notes.
CREATE TABLE head_history (
  log        TEXT    NOT NULL,
  branch     INTEGER NOT NULL,
  size       BIGINT  NOT NULL,
  root       ${bytes} NOT NULL,
  note_chars INTEGER NOT NULL,
  note       TEXT    NOT NULL,
  seen       BIGINT  NOT NULL,
  PRIMARY KEY (log, branch, size),
  FOREIGN KEY (log, branch) REFERENCES log_view (log, branch)
);

-- Heads that the log signed and did not show to be of the proven history, not told yet.
CREATE TABLE suspect (
  log        TEXT    NOT NULL REFERENCES log (name),
  size       BIGINT  NOT NULL,
  root       ${bytes} NOT NULL,
  note       TEXT    NOT NULL,
  seen       BIGINT  NOT NULL,
  PRIMARY KEY (log, size, root)
);

-- Since when a log, never met ones included, has been in a state that is told once it lasts; amount
-- is what must shrink for the time to begin anew, if anything.
CREATE TABLE lasting (
  log    TEXT   NOT NULL,
  state  TEXT   NOT NULL,
  since  BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (log, state)
);

-- Entries that a watch selected. verdict: expected, pending, unexpected. severity, owner and runbook
-- are the watch's when it selected the entry: it may be gone when the verdict falls.
CREATE TABLE observation (
  log         TEXT    NOT NULL,
  branch      INTEGER NOT NULL,
  idx         BIGINT  NOT NULL,
  watch       TEXT    NOT NULL,
  severity    TEXT    NOT NULL,
  owner       TEXT    NOT NULL,
  runbook     TEXT    NOT NULL,
  leaf        ${bytes} NOT NULL,
  verdict     TEXT    NOT NULL,
  because     TEXT    NOT NULL,
  grace_until BIGINT,
  format      TEXT    NOT NULL,
  entry       ${bytes} NOT NULL,
  first_seen  BIGINT  NOT NULL,
  PRIMARY KEY (log, branch, idx, watch),
  FOREIGN KEY (log, branch) REFERENCES log_view (log, branch)
);
CREATE INDEX observation_grace ON observation (grace_until) WHERE verdict = 'pending';
CREATE INDEX observation_pending ON observation (log, branch, idx, watch) WHERE verdict = 'pending';
CREATE INDEX observation_watch ON observation (watch, first_seen);

-- Findings. state: open. idx is -1 if no single entry is concerned; alert is the first telling.
CREATE TABLE finding (
  uid       TEXT    NOT NULL PRIMARY KEY,
  kind      TEXT    NOT NULL,
  family    TEXT    NOT NULL,
  severity  TEXT    NOT NULL,
  log       TEXT    NOT NULL,
  branch    INTEGER NOT NULL,
  idx       BIGINT  NOT NULL,
  watch     TEXT    NOT NULL,
  opened_at BIGINT  NOT NULL,
  state     TEXT    NOT NULL,
  alert     TEXT    NOT NULL
);
CREATE INDEX finding_newest ON finding (opened_at, uid);

-- What proves findings offline, each content once, by its SHA-256: a checkpoint is evidence of every
-- finding below it.
CREATE TABLE evidence_content (
  hash    ${bytes} NOT NULL PRIMARY KEY,
  content ${bytes} NOT NULL
);

-- Which of it proves a finding, in the order it was given.
CREATE TABLE evidence (
  uid     TEXT    NOT NULL REFERENCES finding (uid),
  place   INTEGER NOT NULL,
  name    TEXT    NOT NULL,
  hash    ${bytes} NOT NULL REFERENCES evidence_content (hash),
  PRIMARY KEY (uid, place)
);

-- Operational conditions. revision counts tellings; opened_revision is the telling that opened it
-- last; alert is the last telling.
CREATE TABLE condition_state (
  uid             TEXT    NOT NULL PRIMARY KEY,
  revision        INTEGER NOT NULL,
  opened_revision INTEGER NOT NULL,
  is_open         INTEGER NOT NULL,
  since           BIGINT  NOT NULL,
  alert           TEXT    NOT NULL
);
CREATE INDEX condition_open ON condition_state (since) WHERE is_open = 1;

-- One row for each telling to each receiver. state: PENDING, LEASED, SENT, DEAD. due_at: when a
-- PENDING row may be tried, when the lease of a LEASED one ends; changed_at: when that was set. urgency: 0 is the most urgent, see Deliveries.urgency.
CREATE TABLE outbox (
  id            TEXT    NOT NULL PRIMARY KEY,
  uid           TEXT    NOT NULL,
  revision      INTEGER NOT NULL,
  receiver      TEXT    NOT NULL,
  severity      TEXT    NOT NULL,
  urgency       INTEGER NOT NULL,
  state         TEXT    NOT NULL,
  attempts      INTEGER NOT NULL,
  due_at        BIGINT  NOT NULL,
  changed_at    BIGINT  NOT NULL,
  lease_owner   TEXT,
  last_error    TEXT,
  reference     TEXT,
  created_at    BIGINT  NOT NULL,
  sent_at       BIGINT,
  alert         TEXT    NOT NULL,
  opened_id     TEXT    NOT NULL
);
CREATE INDEX outbox_next ON outbox (receiver, urgency, created_at, id)
  WHERE state IN ('PENDING', 'LEASED');
CREATE INDEX outbox_order ON outbox (receiver, uid, revision, state);
CREATE INDEX outbox_counts ON outbox (receiver, state, created_at);
