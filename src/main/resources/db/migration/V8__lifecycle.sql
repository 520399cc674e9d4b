-- What became of a finding. Its state: open, acknowledged, closed; verdict is how it was closed:
-- benign, confirmed, test, or empty. revision counts its tellings.
ALTER TABLE finding ADD COLUMN verdict TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE finding ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX finding_state ON finding (state, opened_at, uid);

-- What tells the identity that signed from others, over all logs; null if not known.
ALTER TABLE observation ADD COLUMN signer ${bytes};
CREATE INDEX observation_signer ON observation (signer, first_seen, log, branch, idx)
  WHERE signer IS NOT NULL;

-- Who did what with a finding, when and why, in order.
CREATE TABLE finding_act (
  uid     TEXT    NOT NULL REFERENCES finding (uid),
  place   INTEGER NOT NULL,
  at      BIGINT  NOT NULL,
  actor   TEXT    NOT NULL,
  action  TEXT    NOT NULL,
  verdict TEXT    NOT NULL,
  note    TEXT    NOT NULL,
  PRIMARY KEY (uid, place)
);

-- Why a delivery was made, and what held it back: SUPPRESSED rows carry no alert.
ALTER TABLE outbox ADD COLUMN reason TEXT NOT NULL DEFAULT 'opened';
ALTER TABLE outbox ADD COLUMN held_by TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_uid ON outbox (uid);
CREATE INDEX outbox_held ON outbox (created_at) WHERE state = 'SUPPRESSED';

-- What is still to be told of a finding or condition to a receiver: stage is first, escalation or
-- reminder. grp: what is told together, empty for by itself. due_at: null while a person has taken
-- it. pause: milliseconds, the group's interval, the delay of an escalation, or between reminders.
-- repeats: milliseconds between the reminders that follow, 0 for none. hours: the time intervals
-- that the receiver's route is bound to, one a line.
CREATE TABLE duty (
  uid      TEXT   NOT NULL,
  receiver TEXT   NOT NULL,
  stage    TEXT   NOT NULL,
  grp      TEXT   NOT NULL,
  due_at   BIGINT,
  pause    BIGINT NOT NULL,
  repeats  BIGINT NOT NULL,
  hours    TEXT   NOT NULL,
  PRIMARY KEY (uid, receiver, stage)
);
CREATE INDEX duty_due ON duty (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX duty_group ON duty (receiver, grp) WHERE stage = 'first';

-- Groups that were told lately: not again before next_at.
CREATE TABLE duty_pause (
  receiver TEXT   NOT NULL,
  grp      TEXT   NOT NULL,
  next_at  BIGINT NOT NULL,
  PRIMARY KEY (receiver, grp)
);

-- Silences. matchers: one a line. held: tellings that it kept back.
CREATE TABLE silence (
  id         TEXT    NOT NULL PRIMARY KEY,
  starts_at  BIGINT  NOT NULL,
  ends_at    BIGINT  NOT NULL,
  author     TEXT    NOT NULL,
  comment    TEXT    NOT NULL,
  matchers   TEXT    NOT NULL,
  forced     INTEGER NOT NULL,
  held       BIGINT  NOT NULL,
  created_at BIGINT  NOT NULL,
  ended_by   TEXT    NOT NULL
);
CREATE INDEX silence_end ON silence (ends_at);

-- When what is done by the calendar was done last: digests by their name.
CREATE TABLE last_done (
  task TEXT   NOT NULL PRIMARY KEY,
  at   BIGINT NOT NULL
);
