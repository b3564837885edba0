DROP TABLE job_failures;
DROP TABLE jobs;
