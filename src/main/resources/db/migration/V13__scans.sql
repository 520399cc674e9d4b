-- Ranges of logs that are judged once, beside what is followed. The head that all is proven against is
-- the log's newest proven one when the scan was made: size, root, note, seen. watches are names, one a
-- line; none for all. state: running, done, failed, cancelled.
CREATE TABLE scan (
  id         TEXT   NOT NULL PRIMARY KEY,
  log        TEXT   NOT NULL,
  identity   TEXT   NOT NULL,
  first_idx  BIGINT NOT NULL,
  end_idx    BIGINT NOT NULL,
  size       BIGINT NOT NULL,
  root       ${bytes} NOT NULL,
  note       TEXT   NOT NULL,
  seen       BIGINT NOT NULL,
  watches    TEXT   NOT NULL,
  asker      TEXT   NOT NULL,
  reason     TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  state      TEXT   NOT NULL,
  ended_at   BIGINT,
  why        TEXT   NOT NULL
);
CREATE INDEX scan_state ON scan (state, created_at, id);

-- What a scan is cut into. [first_idx, at_idx) is proven and judged. frontier is the compact range over
-- all leaves before at_idx, hashes the one over [first_idx, at_idx) alone. state: open, done, failed.
-- Whoever has an open piece, and until when if it is not heard of: owner, held_until; fence is another
-- number each time that it is taken. Nobody takes it before due_at. cause: misbehaved, unreachable,
-- malformed, error. revision is that of the watches which judged it.
CREATE TABLE scan_piece (
  scan       TEXT    NOT NULL,
  first_idx  BIGINT  NOT NULL,
  end_idx    BIGINT  NOT NULL,
  at_idx     BIGINT  NOT NULL,
  frontier   ${bytes} NOT NULL,
  hashes     ${bytes} NOT NULL,
  state      TEXT    NOT NULL,
  owner      TEXT    NOT NULL,
  fence      BIGINT  NOT NULL,
  held_until BIGINT  NOT NULL,
  due_at     BIGINT  NOT NULL,
  attempts   INTEGER NOT NULL,
  cause      TEXT    NOT NULL,
  why        TEXT    NOT NULL,
  revision   TEXT    NOT NULL,
  selected   BIGINT  NOT NULL,
  untold     BIGINT  NOT NULL,
  started_at BIGINT,
  ended_at   BIGINT,
  PRIMARY KEY (scan, first_idx)
);
CREATE INDEX scan_piece_state ON scan_piece (scan, state, first_idx);
CREATE INDEX scan_piece_owner ON scan_piece (owner, state);

-- What a scan found. known is 1 if it was a finding before.
CREATE TABLE scan_finding (
  scan  TEXT    NOT NULL,
  uid   TEXT    NOT NULL,
  idx   BIGINT  NOT NULL,
  known INTEGER NOT NULL,
  PRIMARY KEY (scan, uid)
);

INSERT INTO counter (name, value) VALUES ('scan', 0);
