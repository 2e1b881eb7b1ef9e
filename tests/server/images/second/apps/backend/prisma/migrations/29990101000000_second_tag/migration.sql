-- What a second tag brings besides the same server: one more migration.
CREATE TABLE "_SecondTag" (at timestamptz NOT NULL DEFAULT now());
