// The invoices of a form to pay: those of one contract, or of several, each beneath its title.
import { InvoiceTable, type InvoiceTableProps } from './invoice-table.tsx'

/** `head`: of one of several contracts, with the way to pay it alone, where anything of it can be paid. */
export type ContractBills = {
  head?: {
    id: string
    title: string
    biller: string
    codeWord: string
    code: string
    pay?: { href: string; label: string; says: string }
  }
  table: InvoiceTableProps
}

export function Bills({ contracts, chosen }: { contracts: ContractBills[]; chosen?: readonly string[] }) {
  return contracts.map(({ head, table }) =>
    head ? (
      <section key={head.id} className="card" aria-labelledby={head.id}>
        <div className="card-head">
          <div className="min-w-0 wrap-anywhere">
            <h3 id={head.id}>{head.title}</h3>
            <small>
              {`${head.biller} · ${head.codeWord} `}
              <span className="code">{head.code}</span>
            </small>
          </div>
          {head.pay && (
            <a href={head.pay.href} className="more" aria-label={head.pay.says}>
              {head.pay.label}
            </a>
          )}
        </div>
        <InvoiceTable table={table} chosen={chosen} />
      </section>
    ) : (
      <div key="" className="card">
        <InvoiceTable table={table} chosen={chosen} />
      </div>
    ),
  )
}
