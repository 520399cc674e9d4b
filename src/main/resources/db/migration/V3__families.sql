-- Logs that a family of the operator's was ever seen to have, in the order of its list. start is the
-- index of the first entry that is read, or -1 for the newest head at first sight.
CREATE TABLE family_member (
  family TEXT    NOT NULL,
  name   TEXT    NOT NULL,
  place  INTEGER NOT NULL,
  origin TEXT    NOT NULL,
  start  BIGINT  NOT NULL,
  seen   BIGINT  NOT NULL,
  PRIMARY KEY (family, name)
);

-- When the log says, signed, that it took the entry; null if it keeps no time.
ALTER TABLE observation ADD COLUMN logged BIGINT;
