ALTER TABLE "Project" ADD COLUMN notes text;
