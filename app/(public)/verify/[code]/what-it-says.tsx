// What a certificate says, by what it can be told from a forged one; and when it was checked.
import { Facts } from '@/components/ui/facts.tsx'
import { Table } from '@/components/ui/table.tsx'
import type { CheckedCertificate } from '@/lib/certificates/checking.ts'
import { hasTvTax } from '@/lib/certificates/rules.ts'
import { groupedCode } from '@/lib/certificates/schema.ts'
import { formatInstant, formatMoney } from '@/lib/i18n/formats.ts'
import type { AmountDue } from '@/lib/ledger/rules.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

const AMOUNTS = ['principal', 'tvTax', 'interest', 'total'] as const

/** `file`: when its file was checked; undefined where its code alone was. */
export async function WhatItSays({ of, file, now }: { of: CheckedCertificate; file?: Date; now: Date }) {
  const t = await getTranslations('checkedCertificate')
  const locale = await getLocale()
  const { biller, contracts, total } = of
  const owes = total.total > 0
  const minute = (at: Date) => formatInstant(at, locale, biller.timeZone)
  return (
    <>
      <Facts
        columns={1}
        facts={[
          { label: t('number'), value: <span className="code">{of.number}</span> },
          { label: t('code'), value: <span className="code">{groupedCode(of.code)}</span> },
          { label: t('kind'), value: t(`kinds.${of.kind}`) },
          { label: t('company'), value: biller.name },
          {
            label: t('for'),
            // What a register of businesses says is nobody's secret.
            value: of.business ? (
              <>
                {of.business.businessName}, <span className="code">{of.business.nipt}</span>
              </>
            ) : (
              of.initials
            ),
          },
          { label: t('asOf'), value: minute(of.asOf) },
          {
            label: t('certifies'),
            value: owes
              ? t('owes', { total: formatMoney(total.total, biller.currency, locale) })
              : t('owesNothing'),
          },
          ...(owes
            ? []
            : [
                {
                  label: t('contracts', { count: contracts.length }),
                  value: <span className="code">{contracts.map(one => one.code).join(', ')}</span>,
                },
              ]),
          { label: t('file'), value: file ? t('unchanged', { at: minute(file) }) : t('notChecked') },
          { label: t('checkedAt'), value: minute(now) },
        ]}
      />
      {owes && <ContractDebts of={of} />}
    </>
  )
}

/** Where the TV tax is not of the bill, it is left out. */
async function ContractDebts({ of: { contracts, total, biller } }: { of: CheckedCertificate }) {
  const { country, currency } = biller
  const t = await getTranslations('checkedCertificate')
  const locale = await getLocale()
  const shown = AMOUNTS.filter(name => name !== 'tvTax' || hasTvTax(biller.code, total))
  const cells = (due: AmountDue) =>
    Object.fromEntries(shown.map(name => [name, formatMoney(due[name], currency, locale)]))
  const sum = { id: 'total', cells: { code: t('sum'), ...cells(total) } }
  return (
    <Table
      caption={t('debts')}
      columns={[
        { key: 'code', label: t('contracts', { count: 1 }) },
        ...shown.map(key => ({ key, label: t(`amounts.${key}`, { country }), amount: true })),
      ]}
      rows={contracts.map(({ code, ...due }) => ({
        id: code,
        cells: { code: <span className="code">{code}</span>, ...cells(due) },
      }))}
      footer={contracts.length > 1 ? sum : undefined}
    />
  )
}
