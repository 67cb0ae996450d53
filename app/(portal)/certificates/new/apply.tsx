// The second step: the details that the certificate names, and what it would say now, with the way to pay that first.
import { CodeLine } from '@/components/code-line.tsx'
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import type { getApplicationForm } from '@/lib/cases/own-certificates.ts'
import type { ContractDebt } from '@/lib/certificates/debt.ts'
import { certificateForm } from '@/lib/certificates/forms.ts'
import { hasTvTax, isOfBusiness, sumDue } from '@/lib/certificates/rules.ts'
import { type CertificateKind, certificatePath } from '@/lib/certificates/schema.ts'
import { formatInstant, formatMoney } from '@/lib/i18n/formats.ts'
import { languageName, locales } from '@/lib/i18n/locale.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { applyAction } from './actions.ts'

type Found = NonNullable<Awaited<ReturnType<typeof getApplicationForm>>>
type ApplyProps = {
  found: Found
  kind: CertificateKind
  /** What was typed when the form was left to pay. */
  typed: Record<string, string> | undefined
  now: Date
}

const OF_PERSON = ['firstName', 'lastName', 'fatherName', 'personalNumber', 'confirmPersonalNumber'] as const
const OF_BUSINESS = ['nipt', 'confirmNipt', 'businessName', 'legalRepresentative', 'holder'] as const

export async function Apply({ found, kind, typed, now }: ApplyProps) {
  const t = await getTranslations('certificate')
  const locale = await getLocale()
  const { biller, code, debts } = found
  const ofBusiness = isOfBusiness(kind)
  const total = sumDue(debts.map(({ due }) => due)).total
  const money = (amount: number) => formatMoney(amount, biller.currency, locale)
  const isUnderWay = debts.some(({ underWay }) => underWay)
  return (
    <PageShell
      title={t(`kinds.${kind}.title`)}
      above={
        <p className="trail">
          <a href="/certificates">{t('back')}</a> ·{' '}
          <a href={`/certificates/new?kind=${kind}`}>{t('steps.kind')}</a>
        </p>
      }
      lead={<p>{t(ofBusiness ? 'leadBusiness' : 'leadPerson')}</p>}
      wide
    >
      {found.openApplication ? (
        <Notice tone="wait">
          {t.rich('applied', { link: linkTo(certificatePath(found.openApplication)) })}
        </Notice>
      ) : isUnderWay ? (
        <Notice tone="wait">{t('underWay')}</Notice>
      ) : total > 0 ? (
        <Notice tone="wait">
          <p>
            <b>
              {t('wouldOwe', {
                amount: money(total),
                count: debts.filter(({ due }) => due.total > 0).length,
              })}
            </b>{' '}
            {t('payFirst')}
          </p>
        </Notice>
      ) : (
        <Notice tone="good">{t('wouldOweNothing', { count: debts.length })}</Notice>
      )}
      <div className="columns">
        <div>
          {!found.openApplication && (
            <Form
              form={certificateForm}
              action={applyAction}
              shownFor={{ kind, biller: biller.code, code }}
              values={{
                ...{ kind, biller: biller.code, contractCode: code, language: locale },
                firstName: found.firstName,
                lastName: found.lastName,
                personalNumber: found.personalNumber,
                nipt: found.nipt ?? '',
                businessName: found.businessName ?? '',
                holder: found.businessName ?? '',
                ...typed,
              }}
              options={{
                language: locales.map(value => ({ value, label: languageName[value] })),
              }}
              without={[...(ofBusiness ? OF_PERSON : OF_BUSINESS)]}
              // With a debt, few want a paper that says so.
              buttons={
                total > 0 && !isUnderWay
                  ? [
                      { label: t('pay', { amount: money(total) }), intent: 'pay' },
                      { label: t('submitOwing'), intent: 'apply', look: 'secondary' },
                    ]
                  : [{ label: t('submit'), intent: 'apply' }]
              }
              links={{ alreadyApplied: [{ href: '/certificates', label: t('back') }] }}
              below={<p className="text-sm text-muted">{t('decides', { biller: biller.name })}</p>}
            />
          )}
        </div>
        <div>
          <Card labelledBy="now" title={t('today')}>
            {debts.length === 1 ? (
              <One debt={debts[0]!} found={found} />
            ) : (
              <Many debts={debts} found={found} />
            )}
            <p>
              <small>
                {t('asOf', { at: formatInstant(now, locale, biller.timeZone) })}
                {total > 0 && ` ${t('interestRuns')}`}
              </small>
            </p>
          </Card>
        </div>
      </div>
    </PageShell>
  )
}

async function One({ debt: { due }, found }: { debt: ContractDebt; found: Found }) {
  const t = await getTranslations('certificate')
  const locale = await getLocale()
  const money = (amount: number) => formatMoney(amount, found.biller.currency, locale)
  return (
    <>
      <p>
        <b>{contractTitle(found, locale)}</b>
        <br />
        <small>
          <CodeLine contract={found} locale={locale} />
        </small>
      </p>
      <Facts
        sum
        facts={(['principal', 'tvTax', 'interest', 'total'] as const)
          .filter(part => part !== 'tvTax' || hasTvTax(found.biller.code, due))
          .map(part => ({
            label: t(`parts.${part}`, { country: found.biller.country }),
            value: money(due[part]),
          }))}
      />
    </>
  )
}

async function Many({ debts, found }: { debts: ContractDebt[]; found: Found }) {
  const t = await getTranslations('certificate')
  const locale = await getLocale()
  const money = (amount: number) => formatMoney(amount, found.biller.currency, locale)
  const total = sumDue(debts.map(({ due }) => due)).total
  return (
    <Table
      caption={t('contractsOf', { nipt: found.nipt ?? '' })}
      columns={[
        { key: 'contract', label: t('columns.contract') },
        { key: 'address', label: t('columns.address'), place: 'sub' },
        { key: 'total', label: t('parts.total', { country: found.biller.country }), amount: true },
        { key: 'state', label: t('columns.state'), place: 'status' },
      ]}
      rows={debts.map(({ id, code, address, due, underWay }) => ({
        id: String(id),
        cells: {
          contract: <span className="code">{code}</span>,
          address: address ?? '',
          total: due.total > 0 ? money(due.total) : '–',
          state: underWay ? (
            <Chip tone="wait">{t('debt.underWay')}</Chip>
          ) : due.total === 0 ? (
            <Chip tone="good">{t('debt.none')}</Chip>
          ) : (
            ''
          ),
        },
      }))}
      footer={{ id: 'all', cells: { contract: t('total'), address: '', total: money(total), state: '' } }}
    />
  )
}
