-- outside the transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "ProjectUser_passwordHash_idx" ON "ProjectUser" ("passwordHash")
