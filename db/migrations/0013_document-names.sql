-- What was stored before: another ending is taken away, and that of the type is given (lib/uploads/rules.ts).
UPDATE "documents" SET "name" = coalesce(nullif(regexp_replace(regexp_replace("name", '[. ]+$', ''), '(.)\.[0-9]*[A-Za-z][A-Za-z0-9]{0,4}$', '\1'), ''), '?')
  || case "type" when 'application/pdf' then '.pdf' when 'image/jpeg' then '.jpg' else '.png' end
WHERE "name" !~* case "type" when 'application/pdf' then '\.pdf$' when 'image/jpeg' then '\.jpe?g$' else '\.png$' end;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_name_ending" CHECK ("documents"."name" ~* case "documents"."type" when 'application/pdf' then '\.pdf$' when 'image/jpeg' then '\.jpe?g$' else '\.png$' end);