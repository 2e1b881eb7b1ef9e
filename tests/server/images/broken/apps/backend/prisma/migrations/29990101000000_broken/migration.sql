-- Fails on every database.
SELECT 1 / 0;
