-- What was put off.
DO $$ BEGIN EXECUTE (SELECT indexdef FROM later); END $$;
