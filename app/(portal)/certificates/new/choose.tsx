// The first step: for what it is needed, and about which contract.
import { CodeLine } from '@/components/code-line.tsx'
import { ContractSearch, Pages } from '@/components/contract-search.tsx'
import { ErrorSummary } from '@/components/error-summary.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button, ButtonLink } from '@/components/ui/button.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import type { Certifiable } from '@/lib/cases/own-certificates.ts'
import type { ContractDebt } from '@/lib/certificates/debt.ts'
import { isOfBusiness } from '@/lib/certificates/rules.ts'
import { type CertificateKind, certificateKinds } from '@/lib/certificates/schema.ts'
import { CONTRACTS_PAGE } from '@/lib/contracts/search.ts'
import { formatMoney } from '@/lib/i18n/formats.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

/** `isWrong`: something was not chosen, or kind and contract do not go together. */
export async function Choose({
  contracts,
  count,
  kind,
  contract: chosen,
  isWrong,
  search,
  page,
  pages,
}: {
  contracts: (Certifiable & { debt: ContractDebt })[]
  /** Of all of them, of which these are a page. */
  count: number
  kind: CertificateKind | undefined
  contract: string | undefined
  isWrong: boolean
  search: string
  page: number
  pages: number
}) {
  const t = await getTranslations('certificate')
  const words = await getTranslations('words')
  const errors = await getTranslations('errors')
  const locale = await getLocale()
  const shell = {
    title: t('title'),
    lead: <p>{t('lead')}</p>,
    back: { href: '/certificates', label: t('back') },
  }
  if (count === 0) {
    return (
      <PageShell {...shell}>
        <Notice>{t('notHolder')}</Notice>
        <p className="actions">
          <ButtonLink href="/contracts">{t('toContracts')}</ButtonLink>
        </p>
      </PageShell>
    )
  }
  const address = { action: '/certificates/new', kept: { kind, contract: chosen } }
  const usual = kind ?? (contracts[0]?.nipt ? 'private' : 'household')
  return (
    <PageShell {...shell}>
      {(count > CONTRACTS_PAGE || search) && <ContractSearch {...address} search={search} locale={locale} />}
      <form action="/certificates/new" className="stack">
        <ErrorSummary
          title={errors('title')}
          errors={isWrong ? [{ field: 'kind-household', text: errors('kindNotOfContract') }] : []}
          round={0}
        />
        <fieldset className="card">
          <legend>{t('kindLegend')}</legend>
          {certificateKinds.map(one => (
            <label key={one} className="pick">
              <input
                id={`kind-${one}`}
                name="kind"
                value={one}
                type="radio"
                defaultChecked={one === usual}
                className="box"
              />
              <span>
                <b>{t(`kinds.${one}.name`)}</b>
                <small>{t(`kinds.${one}.about`)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <fieldset className="card">
          <legend>{t('contractLegend')}</legend>
          {contracts.map(one => {
            const value = `${one.biller.code}/${one.code}`
            return (
              <label key={value} className="pick">
                <input
                  name="contract"
                  value={value}
                  type="radio"
                  defaultChecked={chosen ? value === chosen : one === fitting(contracts, usual)}
                  className="box"
                />
                <span>
                  <b>{contractTitle(one, locale)}</b>
                  <small>
                    <CodeLine contract={one} locale={locale} />
                    {one.nipt && (
                      <>
                        {' · '}
                        {t('nipt')} <span className="code">{one.nipt}</span>
                      </>
                    )}
                  </small>
                </span>
                <span className="end">
                  {one.debt.underWay ? (
                    <Chip tone="wait">{t('debt.underWay')}</Chip>
                  ) : one.debt.due.total > 0 ? (
                    <b className="whitespace-nowrap">
                      {formatMoney(one.debt.due.total, one.biller.currency, locale)}
                    </b>
                  ) : (
                    <Chip tone="good">{t('debt.none')}</Chip>
                  )}
                </span>
              </label>
            )
          })}
          {contracts.length === 0 && <p>{translator(locale, 'manage')('found', { count: 0 })}</p>}
          <Pages {...address} kept={{ ...address.kept, search }} page={page} pages={pages} locale={locale} />
        </fieldset>
        <p className="actions">
          <Button name="step" value="2">
            {words('continue')}
          </Button>
        </p>
      </form>
    </PageShell>
  )
}

/** The first that the kind is for. */
const fitting = (contracts: Certifiable[], kind: CertificateKind) =>
  contracts.find(({ nipt }) => isOfBusiness(kind) === (nipt !== null))
