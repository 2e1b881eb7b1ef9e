CREATE TABLE "ApiKey" ("projectId" text REFERENCES "Project" (id), kind text, value text NOT NULL, PRIMARY KEY ("projectId", kind));
CREATE TABLE "TrustedDomain" ("projectId" text REFERENCES "Project" (id), domain text, PRIMARY KEY ("projectId", domain));
