// What the portal is measured against: its rows by its statement on one connection pool, with no guard, no
// translation, no nonce and no form.
import pg from 'pg'

export const dynamic = 'force-dynamic'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

/** As getPayableContract in lib/payments/queries.ts asks. */
const text = `
  select c.id, c.code, ca.alias, case
      when c.holder_personal_number = a.personal_number and c.holder_name_folded = a.name_folded
        and (c.phone = a.phone or ca.recognised_at is not null) then 'holder'
      else ca.level end as level,
    b.code as biller_code, b.name, b.currency, b.time_zone, interest.terms,
    i.id as invoice_id, i.number, i.period, i.due_on, i.principal, i.tv_tax, i.principal_paid, i.tv_tax_paid,
    i.interest_paid, i.interest_millionths, i.interest_counted_to, pai.live,
    case when pa.account_id = ca.account_id then pa.id end as payment_id,
    (select json_agg(distinct chosen.invoice_id)
      from payment_attempts linked join payment_attempt_invoices chosen on chosen.attempt_id = linked.id
      where chosen.contract_id = c.id and linked.pay_link_id is not null
        and linked.state in ('created', 'pending', 'authorised', 'in_doubt')) as paid_by_links
  from contract_access ca
  join accounts a on a.id = ca.account_id
  join contracts c on c.id = ca.contract_id
  join billers b on b.id = c.biller_id
  cross join lateral (
    select json_agg(json_build_object('fromOn', t.from_on, 'untilOn', t.until_on, 'perDayPpm', t.per_day_ppm,
      'capPercent', t.cap_percent, 'recordedAt', (extract(epoch from t.recorded_at) * 1000)::float8) order by t.id) as terms
    from interest_terms t where t.biller_id = b.id) interest
  left join invoices i on i.contract_id = c.id and i.unpaid > 0 and i.cancelled_on is null
  left join payment_attempt_invoices pai on pai.invoice_id = i.id and pai.live
  left join payment_attempts pa on pa.id = pai.attempt_id
  where ca.account_id = (select id from accounts where username = $1) and b.code = $2 and c.code = $3
    and ca.holder_decision is distinct from 'refused' and ca.removed_at is null
  order by i.due_on, i.number`

const money = (minor: string) => (Number(minor) / 100).toFixed(2)

export default async function Page() {
  const values = [process.env.USERNAME, 'oshee', process.env.CONTRACT_CODE]
  const { rows } = await pool.query({ name: 'payable', text, values })
  return (
    <table>
      <thead>
        <tr>
          <th>Number</th>
          <th>Month</th>
          <th>Due</th>
          <th>Principal</th>
          <th>TV tax</th>
          <th>Interest</th>
          <th>Total</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.invoice_id}>
            <td>{row.number}</td>
            <td>{String(row.period)}</td>
            <td>{String(row.due_on)}</td>
            <td>{money(row.principal)}</td>
            <td>{money(row.tv_tax)}</td>
            <td>{money(row.interest_paid)}</td>
            <td>{money(row.principal + row.tv_tax)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
