// What the role that serves may do, where it is another than the one that owns: read and write rows, and no more.
import type pg from 'pg'
import { inTransaction } from './client.ts'

/**
 * Of the audit log it may add to and read; what is old is purged by a function that runs as the owner (0023). To whom money
 * goes, it may read alone.
 */
const STATEMENTS = (role: string) => [
  `grant usage on schema public, drizzle, graphile_worker to ${role}`,
  `grant select on drizzle.__drizzle_migrations to ${role}`,
  `grant select, insert, update, delete on all tables in schema public, graphile_worker to ${role}`,
  `grant usage, select on all sequences in schema public, graphile_worker to ${role}`,
  `grant execute on all functions in schema public, graphile_worker to ${role}`,
  `revoke update, delete on audit_events from ${role}`,
  `revoke insert, update, delete on gateway_accounts from ${role}`,
]

/** The queue's tables show their rows to nobody but their owner; whoever serves runs its jobs. */
const POLICIES = (role: string, name: string) => `do $do$
declare
  one record;
begin
  for one in select c.oid::regclass as of_table from pg_class c
    where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = ${name})
  loop
    execute format('create policy %I on %s to ${role} using (true) with check (true)', ${name}, one.of_table);
  end loop;
end $do$`

/**
 * Lets `role` serve the database, which `client` owns; after every migration, since new tables need it too. Does nothing
 * where it is the owner itself.
 */
export async function grantServing(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ is_owner: boolean }>('select current_user = $1 as is_owner', [role])
  if (rows[0]!.is_owner) return
  const quoted = client.escapeIdentifier(role)
  await inTransaction(client, async () => {
    for (const statement of STATEMENTS(quoted)) await client.query(statement)
    await client.query(POLICIES(quoted, client.escapeLiteral(`served by ${role}`)))
  })
}

/** What of it the connection's role lacks on tables: `insert on customer_readings`. Nothing where it owns them. */
export async function missingRights(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ missing: string }>(
    `select "right" || ' on ' || c.oid::regclass as missing
      from pg_class c cross join unnest(array['select', 'insert', 'update', 'delete']) "right"
      where c.relnamespace in (select oid from pg_namespace where nspname in ('public', 'graphile_worker')) and c.relkind in ('r', 'p')
        and not has_table_privilege(c.oid, "right")
        and not (c.relname = 'audit_events' and "right" in ('update', 'delete'))
        and not (c.relname = 'gateway_accounts' and "right" <> 'select')
      order by 1`,
  )
  return rows.map(({ missing }) => missing)
}
