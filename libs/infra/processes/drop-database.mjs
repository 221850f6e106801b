/** Drops one database and the roles provisioned for it. Input on stdin: `{ adminUrl, database, rolePrefix }`. */
import { text } from 'node:stream/consumers';
import pg from 'pg';

const { adminUrl, database, rolePrefix } = JSON.parse(await text(process.stdin));
const client = new pg.Client({ connectionString: adminUrl });
await client.connect();
await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`);
const roles = await client.query('SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)', [rolePrefix]);
for (const { rolname } of roles.rows) await client.query(`DROP ROLE ${pg.escapeIdentifier(rolname)}`);
await client.end();
