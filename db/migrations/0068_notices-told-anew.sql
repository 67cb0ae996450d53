-- What may be told anew at another day, amount or time says by now which one it was told of: of what is older nobody is told any more.
UPDATE "notice_items" i SET "event" = i.event || ':' || v.due_on
FROM "notices" n, "invoices" v
WHERE n.created_at > now() - interval '60 days' AND n.kind IN ('due-soon', 'overdue') AND i.notice_id = n.id AND v.id = i.invoice_id;--> statement-breakpoint
UPDATE "notice_items" i SET "event" = i.event || ':' || d.not_before || ':' || coalesce(d.amount::text, '') || ':0'
FROM "notices" n, "disconnections" d
WHERE n.created_at > now() - interval '60 days' AND n.kind = 'disconnection-announced' AND i.notice_id = n.id AND d.id = i.disconnection_id;--> statement-breakpoint
UPDATE "notice_items" i SET "event" = 'outage-planned:' || o.id || ':' || extract(epoch FROM o.starts_at)::bigint || ':'
  || coalesce(extract(epoch FROM o.ends_at)::bigint::text, '') || ':0:' || i.contract_id
FROM "notices" n, "outages" o
WHERE n.created_at > now() - interval '60 days' AND n.kind = 'outage-planned' AND i.notice_id = n.id AND o.id = i.outage_id;
