ALTER TABLE "Projects" ADD COLUMN notes text;
