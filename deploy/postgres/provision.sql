-- One schema and one login role per service, and no way across. The one source of it: docker compose runs it through
-- provision.sh, development and tests through libs/infra. May run again: it then sets the password anew.

-- PostgreSQL lets every role connect to every database and, before version 15, create in "public".
REVOKE ALL ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$;

CREATE OR REPLACE FUNCTION pg_temp.provision_service(service_schema text, role_name text, role_password text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
    EXECUTE format('CREATE ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE', role_name);
  END IF;
  EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', role_name, role_password);
  IF NOT current_setting('is_superuser')::boolean THEN
    -- Needed by managed databases, where the administrator is no superuser, to create a schema for another role.
    EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
  END IF;
  EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service_schema, role_name);
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role_name);
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = %I', role_name, current_database(), service_schema);
END $$;
