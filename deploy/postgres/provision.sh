#!/bin/sh
# Run once by the PostgreSQL image (/docker-entrypoint-initdb.d). Wants:
#   COUPLET_SERVICES    names, separated by spaces
#   COUPLET_SECRETS     directory with one file per service, <service>-db-password (default /run/secrets)
#   COUPLET_PROVISION   provision.sql (default /couplet/provision.sql)
set -eu

for service in $COUPLET_SERVICES; do
  schema=$(printf '%s' "$service" | tr - _)
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "${POSTGRES_DB:-$POSTGRES_USER}" --quiet \
    -v schema="$schema" -v password="$(cat "${COUPLET_SECRETS:-/run/secrets}/$service-db-password")" <<SQL
\i ${COUPLET_PROVISION:-/couplet/provision.sql}
SELECT pg_temp.provision_service(:'schema', :'schema', :'password');
SQL
done
