-- The list of a family as it was when it was had last, in its own form, and the address that it was
-- had from: so that its logs are followed after a start while the list cannot be had.
CREATE TABLE family_list (
  family  TEXT     NOT NULL PRIMARY KEY,
  address TEXT     NOT NULL,
  content ${bytes} NOT NULL,
  seen    BIGINT   NOT NULL
);
