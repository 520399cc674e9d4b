-- The vkeys that may sign a member's checkpoints, one a line, as the list named them last; empty for
-- a member that was written down before they were.
ALTER TABLE family_member ADD COLUMN vkeys TEXT NOT NULL DEFAULT '';
