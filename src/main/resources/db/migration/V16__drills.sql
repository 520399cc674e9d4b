-- Drills. name: of the schedule's drill; empty if a person asked for it. state: running, passed, failed,
-- interrupted. until_at: when one that still runs was interrupted, whatever became of its process.
CREATE TABLE drill (
  id         TEXT   NOT NULL PRIMARY KEY,
  name       TEXT   NOT NULL,
  watch      TEXT   NOT NULL,
  asked_by   TEXT   NOT NULL,
  started_at BIGINT NOT NULL,
  until_at   BIGINT NOT NULL,
  state      TEXT   NOT NULL,
  ended_at   BIGINT
);
-- One at a time, whoever shares the database.
CREATE UNIQUE INDEX drill_running ON drill (state) WHERE state = 'running';
CREATE INDEX drill_newest ON drill (name, started_at, id);

-- What a drill passed through, in order. millis: after its entry was logged; null if it never got
-- there. good: whether it got there in time.
CREATE TABLE drill_step (
  drill    TEXT    NOT NULL REFERENCES drill (id),
  place    INTEGER NOT NULL,
  step     TEXT    NOT NULL,
  receiver TEXT    NOT NULL,
  millis   BIGINT,
  good     INTEGER NOT NULL,
  note     TEXT    NOT NULL,
  PRIMARY KEY (drill, place)
);
