// What a migration may do beside a portal that serves.
import { expect, test } from 'vitest'
import { migrationProblems } from '../../bin/check-migrations.ts'

const problems = (text: string) => migrationProblems(text, ['0030_before'])

test.each([
  'ALTER TABLE "accounts" DROP COLUMN "phone";',
  'drop table if exists messages',
  'drop index messages_at',
  'ALTER TABLE "accounts" DROP CONSTRAINT "accounts_email_unique";',
  'alter table accounts alter column phone drop default',
  'ALTER TABLE "accounts" RENAME COLUMN "phone" TO "mobile";',
  'ALTER TABLE "invoices" ALTER COLUMN "number" SET DATA TYPE integer;',
  'alter table invoices alter column number type integer',
  'ALTER TABLE "accounts" ALTER COLUMN "email" SET NOT NULL;',
  'ALTER TABLE "accounts" ADD COLUMN "born_on" date NOT NULL;',
  'alter table accounts add column one integer default 1 not null, add column two integer not null',
])('older code meets: %s', statement => {
  expect(problems(statement)).toHaveLength(1)
  expect(problems(`-- unused since 0030_before\n${statement}`)).toEqual([])
  expect(problems(`-- unused since 0031_never\n${statement}`)).toEqual([
    'There is no earlier migration 0031_never.',
  ])
})

test.each([
  'CREATE INDEX "messages_account" ON "messages" USING btree ("account_id");',
  'create unique index a on accounts (email) where email is not null',
  'ALTER TABLE "invoices" ADD CONSTRAINT "positive" CHECK ("invoices"."principal" > 0);',
  'ALTER TABLE "documents" ADD CONSTRAINT "f" FOREIGN KEY ("a") REFERENCES "public"."accounts"("id");',
  'ALTER TABLE "accounts" ADD CONSTRAINT "u" UNIQUE("email");',
])('a large table is locked by: %s', statement => {
  expect(problems(statement)).toHaveLength(1)
  expect(problems(`-- unused since 0030_before\n${statement}`)).toHaveLength(1)
})

test.each([
  'CREATE TABLE "new" ("id" uuid NOT NULL);--> statement-breakpoint\nCREATE INDEX "i" ON "new" ("id");',
  'ALTER TABLE "accounts" ADD COLUMN "born_on" date;',
  'ALTER TABLE "accounts" ADD COLUMN "at" timestamp with time zone DEFAULT now() NOT NULL;',
  'alter table accounts alter column phone drop not null',
  'CREATE INDEX "one" ON "billers" ("code");',
  '-- outside a transaction\ncreate index concurrently if not exists one on messages (id); drop index concurrently two',
  'ALTER TABLE "invoices" ADD CONSTRAINT "positive" CHECK (principal > 0) NOT VALID;',
  '-- outside a transaction\nalter table invoices validate constraint positive',
  `insert into billers (name) values ('drop table accounts; rename');`,
  '-- drop table accounts\ncreate or replace function f() returns void language sql as $$ drop table x; $$',
  'drop trigger t on billers; create trigger t before update on billers for each row execute function f();',
])('nobody meets: %s', statement => {
  expect(problems(statement)).toEqual([])
})

test('what runs outside a transaction may be run again', () => {
  expect(problems('-- outside a transaction\ncreate index concurrently one on messages (id)')).toEqual([
    'May be run again, and needs "if not exists": create index concurrently one on messages (id)',
  ])
})
