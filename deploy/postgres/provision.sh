#!/bin/sh
# Gives every service its schema and its role, with psql and where PGHOST, PGUSER, PGDATABASE, PGPASSFILE say. May run again. Wants:
#   COUPLET_SERVICES    names, separated by spaces
#   COUPLET_SECRETS     directory with one file per service, <service>-db-password (default /run/secrets)
set -eu

for service in $COUPLET_SERVICES; do
  schema=$(printf '%s' "$service" | tr - _)
  PASSWORD=$(cat "${COUPLET_SECRETS:-/run/secrets}/$service-db-password") \
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=schema="$schema" --set=folder="$(dirname "$0")" <<'SQL'
\getenv password PASSWORD
\o /dev/null
\cd :folder
\i provision.sql
SELECT pg_temp.provision_service(:'schema', :'schema', :'password');
SQL
done
