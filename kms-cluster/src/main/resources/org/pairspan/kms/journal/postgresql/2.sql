-- Nothing reads events in the order of the whole journal: the entities read their own. One index less to write.
ALTER TABLE event_journal DROP CONSTRAINT IF EXISTS event_journal_ordering_key;
