// Where the customer code stands on a bill on paper: a drawing, whose words stand beside it too.
import type { ReactNode } from 'react'
import { billsOnPaper } from '@/lib/billers/contract-codes.ts'
import { wordsFor } from '@/lib/billers/supply.ts'
import { getTranslations } from '@/lib/request/locale.ts'

/** The drawings of the billers whose bills are known, by their codes. */
export async function paperBills() {
  const t = await getTranslations('words')
  return Object.fromEntries(
    billsOnPaper.map(({ biller, country, code }): [string, ReactNode] => [
      biller,
      <PaperBill key={biller} label={t('customerCode', wordsFor({ code: biller, country }))} code={code} />,
    ]),
  )
}

function PaperBill({ label, code }: { label: string; code: string }) {
  return (
    <svg viewBox="0 0 320 150" className="paper-bill" aria-hidden="true">
      <path fill="var(--surface)" stroke="var(--field)" d="M1 150V7a6 6 0 0 1 6-6h306a6 6 0 0 1 6 6v143" />
      <path
        stroke="var(--line)"
        strokeWidth="6"
        strokeLinecap="round"
        d="M20 26h70M20 42h46M20 84h110M20 100h90M20 116h104M20 138h280"
      />
      <rect x="150" y="52" width="156" height="40" rx="8" fill="none" stroke="var(--sun)" strokeWidth="4" />
      <text x="306" y="42" textAnchor="end" fontSize="15">
        {label}
      </text>
      <text x="228" y="79" textAnchor="middle" fontSize="19" fontWeight="700" className="code">
        {code}
      </text>
    </svg>
  )
}
