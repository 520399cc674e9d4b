-- Ledgers: logs whose entries are proven by receipts. Each has a row in log and one in log_view too,
-- of which head_size, head_root and head_seen are those of the newest proven tree, and the position is
-- that of an empty log: how far a ledger was judged is next_seqno.

-- Places [first_seqno, next_seqno) were read. kids and accepted are key ids, one a line: those that the service showed last, and those of the
-- configuration. policy is what it said last of its policy. again is the first entry that is to be
-- looked at again after a change of accepted keys; -1 if none is.
CREATE TABLE ledger (
  log         TEXT   NOT NULL PRIMARY KEY REFERENCES log (name),
  first_seqno BIGINT NOT NULL,
  next_seqno  BIGINT NOT NULL,
  view        BIGINT NOT NULL,
  kids        TEXT   NOT NULL,
  accepted    TEXT   NOT NULL,
  policy      TEXT   NOT NULL,
  again       BIGINT NOT NULL
);

-- Entries that were proven: the transaction, the digest that its receipt binds, and the signed tree.
CREATE TABLE ledger_entry (
  log         TEXT    NOT NULL REFERENCES ledger (log),
  seqno       BIGINT  NOT NULL,
  view        BIGINT  NOT NULL,
  claims      ${bytes} NOT NULL,
  signed_view BIGINT  NOT NULL,
  signed_size BIGINT  NOT NULL,
  root        ${bytes} NOT NULL,
  PRIMARY KEY (log, seqno)
);
CREATE INDEX ledger_entry_signed ON ledger_entry (log, signed_size);

-- Receipts that are kept: one of each tree, bounded, the older the sparser. proven: whether a later
-- receipt, or the ledger's files, show that this tree is a prefix of a later one.
CREATE TABLE ledger_receipt (
  log     TEXT    NOT NULL REFERENCES ledger (log),
  size    BIGINT  NOT NULL,
  view    BIGINT  NOT NULL,
  root    ${bytes} NOT NULL,
  receipt ${bytes} NOT NULL,
  seen    BIGINT  NOT NULL,
  issued  BIGINT,
  proven  INTEGER NOT NULL,
  PRIMARY KEY (log, size)
);

-- Entries that the service listed and that were not proven: told, and asked for again.
CREATE TABLE ledger_owed (
  log   TEXT   NOT NULL REFERENCES ledger (log),
  seqno BIGINT NOT NULL,
  view  BIGINT NOT NULL,
  since BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  why   TEXT   NOT NULL,
  PRIMARY KEY (log, seqno)
);

-- The highest security version that a watched issuer signed for a feed. subject is a hash of both.
CREATE TABLE ledger_version (
  log     TEXT    NOT NULL REFERENCES ledger (log),
  subject ${bytes} NOT NULL,
  version BIGINT  NOT NULL,
  seqno   BIGINT  NOT NULL,
  PRIMARY KEY (log, subject)
);
