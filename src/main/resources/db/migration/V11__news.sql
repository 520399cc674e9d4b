-- PostgreSQL only: whoever waits for deliveries, for a change of the conditions or for a task hears of
-- it when the transaction that wrote it is committed.

CREATE FUNCTION sigwarden_news() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM pg_notify('sigwarden', TG_ARGV[0]);
  RETURN NULL;
END
$body$;

CREATE TRIGGER outbox_news AFTER INSERT ON outbox
  FOR EACH STATEMENT EXECUTE FUNCTION sigwarden_news('deliveries');
CREATE TRIGGER condition_news AFTER INSERT OR UPDATE ON condition_state
  FOR EACH STATEMENT EXECUTE FUNCTION sigwarden_news('conditions');
CREATE TRIGGER task_news AFTER DELETE ON task_lease
  FOR EACH STATEMENT EXECUTE FUNCTION sigwarden_news('tasks');
