-- Numbers that only grow, taken inside the transaction that uses them, so that what is numbered is
-- in the order in which it was committed, whoever writes.
CREATE TABLE counter (
  name  TEXT   NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('audit', 0);
INSERT INTO counter (name, value) VALUES ('allowlist', 0);

-- Tokens of the API. hash is the SHA-256 of the token, which itself is kept nowhere. allowlists are
-- names, one a line.
CREATE TABLE api_token (
  name       TEXT   NOT NULL PRIMARY KEY,
  hash       ${bytes} NOT NULL UNIQUE,
  role       TEXT   NOT NULL,
  allowlists TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT   NOT NULL,
  expires_at BIGINT
);

-- Who changed what, when, why and from where. Only ever added to. subject is what was changed.
CREATE TABLE audit (
  id      BIGINT NOT NULL PRIMARY KEY,
  at      BIGINT NOT NULL,
  who     TEXT   NOT NULL,
  role    TEXT   NOT NULL,
  source  TEXT   NOT NULL,
  action  TEXT   NOT NULL,
  subject TEXT   NOT NULL,
  reason  TEXT   NOT NULL,
  detail  TEXT   NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, id);

-- Lines of allowlists that came through the API. state: allowed, revoked. revision is the counter's
-- value when the line was changed last: whoever keeps lists in memory reads what is newer.
CREATE TABLE allowlist_line (
  list       TEXT   NOT NULL,
  line       TEXT   NOT NULL,
  note       TEXT   NOT NULL,
  state      TEXT   NOT NULL,
  revision   BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL,
  reason     TEXT   NOT NULL,
  PRIMARY KEY (list, line)
);
CREATE INDEX allowlist_line_revision ON allowlist_line (revision, list, line);
CREATE INDEX allowlist_line_line ON allowlist_line (line, list);

-- Which entries that a watch selected name an artifact; digest is its algorithm, a colon, and hex.
CREATE TABLE artifact (
  digest TEXT    NOT NULL,
  log    TEXT    NOT NULL,
  branch INTEGER NOT NULL,
  idx    BIGINT  NOT NULL,
  PRIMARY KEY (digest, log, branch, idx)
);

-- What lists are paged by.
CREATE INDEX outbox_newest ON outbox (created_at, id);
