-- PostgreSQL only: the processes that share this database. Times are the database's own.

-- A process from its start to its end. state: live, left (it ended in order), lost (it was not heard
-- of any more). wanted is the SHA-256 of the tasks that its configuration has, in hex; held, how many
-- of them it had at seen.
CREATE TABLE replica (
  id         TEXT    NOT NULL PRIMARY KEY,
  version    TEXT    NOT NULL,
  state      TEXT    NOT NULL,
  wanted     TEXT    NOT NULL,
  held       INTEGER NOT NULL,
  started    BIGINT  NOT NULL,
  seen       BIGINT  NOT NULL
);

-- Which replica has a task, and until when if it is not heard of any more.
CREATE TABLE task_lease (
  task       TEXT    NOT NULL PRIMARY KEY,
  owner      TEXT    NOT NULL,
  held_until BIGINT  NOT NULL
);
CREATE INDEX task_lease_owner ON task_lease (owner);
