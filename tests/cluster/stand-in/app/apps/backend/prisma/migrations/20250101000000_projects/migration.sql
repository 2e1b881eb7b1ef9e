CREATE TABLE "Project" (id text PRIMARY KEY, "displayName" text NOT NULL, "signUpEnabled" boolean NOT NULL DEFAULT false);
CREATE TABLE "ProjectUser" (id uuid PRIMARY KEY, email text UNIQUE, "passwordHash" text);
