// How the customer wants to be told: each kind of notice by e-mail and SMS, of all contracts or of one, and the day of the month
// for the list of what is due.

import { notFound } from 'next/navigation'
import { CodeLine } from '@/components/code-line.tsx'
import { ContactNotices } from '@/components/contact-notices.tsx'
import { Form } from '@/components/form.tsx'
import type { FormButton } from '@/components/form-parts.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { noticeChoicesForm } from '@/lib/accounts/forms.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { contractTitle, distinctTitles } from '@/lib/billing/contract-title.ts'
import { type ContractSummary, listContracts } from '@/lib/contracts/queries.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { noticeKinds } from '@/lib/notifications/notice-kinds.ts'
import {
  boxesOf,
  type Choices,
  channelsUsed,
  chosenKinds,
  getOwnChoices,
} from '@/lib/notifications/own-choices.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { chooseNoticesAction } from './actions.ts'

/** As the address names a contract. */
const keyOf = ({ biller, code }: ContractSummary) => `${biller.code} ${code}`

export default async function NoticeChoicesPage({ searchParams }: PageProps<never, 'contract' | 'done'>) {
  const customer = await requireCustomer()
  const contracts = await listContracts(customer)
  const { contract: asked, done } = await searchParams
  const contract = contracts.find(one => keyOf(one) === asked)
  if (asked !== undefined && !contract) notFound()
  const { choices, statementDay, ofContracts } = await getOwnChoices(customer, contract?.id ?? null)
  const t = await getTranslations('noticeChoices')
  const locale = await getLocale()
  const isOwn = contract !== undefined && ofContracts.includes(contract.id)
  const back = contract
    ? { href: '/account/notices', label: t('backToAll') }
    : { href: '/account', label: t('back') }
  const titleOf = distinctTitles(contracts, locale)
  return (
    <PageShell title={t('title')} back={back} lead={contract && <Of contract={contract} locale={locale} />}>
      {done !== undefined && <Done>{t('done')}</Done>}
      <ContactNotices customer={customer} />
      <p>{t('always')}</p>
      {!contract && statementDay !== null && !choices.statement?.email && !choices.statement?.sms && (
        <Notice>{t('listHereAlone')}</Notice>
      )}
      {contract && <Notice>{t(isOwn ? 'ofContract' : 'asForAll')}</Notice>}
      <div className="side-by-side">
        <Form
          form={noticeChoicesForm}
          action={chooseNoticesAction}
          shownFor={contract && { biller: contract.biller.code, code: contract.code }}
          values={{ ...boxesOf(choices), statementDay: String(statementDay ?? 'none') }}
          options={optionsOf(locale)}
          without={contract ? ['statement', 'statementDay'] : []}
          buttons={[
            { label: t('submit'), intent: 'save' },
            ...allButtons(choices, locale),
            ...(isOwn ? [{ label: t('toAll'), intent: 'asForAll', look: 'secondary' as const }] : []),
          ]}
        />
      </div>
      {!contract && contracts.length > 1 && (
        <Card labelledBy="contracts" title={t('contracts')}>
          <Rows
            rows={contracts.map(one => ({
              id: String(one.id),
              href: `/account/notices?${new URLSearchParams({ contract: keyOf(one) })}`,
              title: titleOf(one),
              note: ofContracts.includes(one.id) ? t('own') : <CodeLine contract={one} locale={locale} />,
            }))}
          />
        </Card>
      )}
    </PageShell>
  )
}

const Of = ({ contract, locale }: { contract: ContractSummary; locale: Locale }) => (
  <p className="lead">
    {contractTitle(contract, locale)}
    <br />
    <CodeLine contract={contract} locale={locale} />
  </p>
)

/** Of each channel one that ticks all of its boxes, or, where some are ticked, none. */
function allButtons(choices: Choices, locale: Locale): FormButton[] {
  const t = translator(locale, 'noticeChoices')
  const used = channelsUsed(choices)
  return (['email', 'sms'] as const).map(channel => {
    const isUsed = used.includes(channel)
    return {
      label: t(isUsed ? 'nothing' : 'every', { channel: t(`channels.${channel}`) }),
      intent: `${channel}:${isUsed ? 'off' : 'on'}`,
      look: 'link',
    }
  })
}

/** What the boxes and the days are called. */
function optionsOf(locale: Locale) {
  const t = translator(locale, 'noticeChoices')
  const channels = chosenKinds.map(kind => {
    const boxes = noticeKinds[kind].channels.map(channel => ({
      value: channel,
      label: t(`channels.${channel}`),
    }))
    return [kind, boxes] as const
  })
  const days = Array.from({ length: 28 }, (_, index) => ({
    value: String(index + 1),
    label: t('day', { day: index + 1 }),
  }))
  return { ...Object.fromEntries(channels), statementDay: [{ value: 'none', label: t('noDay') }, ...days] }
}
