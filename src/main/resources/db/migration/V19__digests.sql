-- What was told to a receiver in one message, and lives as one: reminded, taken and ended together.
-- grp: what its members have in common; state: that of its members, open while one of them is,
-- then acknowledged while one of them is not closed; revision counts its tellings; alert is the one
-- that named members last.
CREATE TABLE digest (
  uid        TEXT    NOT NULL PRIMARY KEY,
  receiver   TEXT    NOT NULL,
  grp        TEXT    NOT NULL,
  state      TEXT    NOT NULL,
  revision   INTEGER NOT NULL,
  since      BIGINT  NOT NULL,
  changed_at BIGINT  NOT NULL,
  alert      TEXT    NOT NULL
);
CREATE INDEX digest_open ON digest (receiver, grp) WHERE state = 'open';
CREATE INDEX digest_over ON digest (changed_at) WHERE state = 'closed';

-- The findings, and the conditions that hold, of a digest.
CREATE TABLE digest_member (
  digest TEXT NOT NULL REFERENCES digest (uid),
  uid    TEXT NOT NULL,
  PRIMARY KEY (digest, uid)
);
CREATE INDEX digest_member_uid ON digest_member (uid);
