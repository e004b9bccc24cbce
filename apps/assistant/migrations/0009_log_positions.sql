-- Where the cache's log stood once an invalidation was in it.
ALTER TABLE cache_invalidation_logs ADD COLUMN log_era text, ADD COLUMN log_n bigint;
