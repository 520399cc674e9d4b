-- PostgreSQL only: the configuration that a replica goes by, and the newest that it has read, by
-- their revisions; empty for a replica of an earlier version.
ALTER TABLE replica ADD COLUMN config_used TEXT NOT NULL DEFAULT '';
ALTER TABLE replica ADD COLUMN config_read TEXT NOT NULL DEFAULT '';
