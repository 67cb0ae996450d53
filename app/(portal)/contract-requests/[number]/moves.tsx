// What the owner of a request may do now: one thing to type into at a time.
import { Form } from '@/components/form.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { fieldLabel } from '@/lib/cases/answer-words.ts'
import { INSTALMENTS, requestFields } from '@/lib/cases/catalogue.ts'
import { amendForm, answerForm, withdrawRequestForm, writeForm } from '@/lib/cases/forms.ts'
import { correctable } from '@/lib/cases/own-requests.ts'
import { type Bill, listInvoiceChoices, type ShownRequest } from '@/lib/cases/request-queries.ts'
import { requestPath } from '@/lib/cases/schema.ts'
import { formatMonth } from '@/lib/i18n/formats.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { amendAction, answerAction, withdrawAction, writeAction } from './actions.ts'

type Chosen = 'answer' | 'amend' | 'write' | 'withdraw'

/** What there is to be typed into, or asked: what the reader chose, else what is expected of them. */
export function moveOf(
  { open }: ShownRequest,
  wants: { change: boolean; withdraw: boolean },
): Chosen | undefined {
  const order: Chosen[] = [
    ...(wants.withdraw ? (['withdraw'] as const) : []),
    'answer',
    ...(wants.change ? (['amend'] as const) : []),
    'write',
  ]
  return order.find(move => open.includes(move))
}

/** `tooLarge`: what was sent last had files so large that none of it was read. */
export function Move({
  one,
  move,
  tooLarge = false,
}: {
  one: ShownRequest
  move: Chosen
  tooLarge?: boolean
}) {
  if (move === 'withdraw') return <Withdraw one={one} />
  return move === 'write' ? <Write one={one} /> : <Correct one={one} move={move} tooLarge={tooLarge} />
}

/** What a form acts on, and what it saw of it. */
const shownFor = ({ id, events, biller, contract, number }: ShownRequest) => ({
  case: id,
  seen: String(events),
  page: requestPath(biller.code, contract.code, number),
})

const pageOf = ({ biller, contract, number }: ShownRequest) => requestPath(biller.code, contract.code, number)

/** Its answer, or the request itself: with what the form says now, to be corrected. */
async function Correct({
  one,
  move,
  tooLarge,
}: {
  one: ShownRequest
  move: 'answer' | 'amend'
  tooLarge: boolean
}) {
  const t = await getTranslations('requests')
  const locale = await getLocale()
  const { kind, answers, biller, contract } = one
  const fields = correctable(kind)
  const customer = (await currentCustomer())!
  const invoices = fields.includes('invoice')
    ? await listInvoiceChoices(customer, { biller: biller.code, code: contract.code })
    : []
  const asked = move === 'answer' ? one.history.findLast(step => step.move === 'ask')?.note : undefined
  const values = Object.fromEntries(fields.map(field => [field, answers[field] ?? undefined]))
  return (
    <Card labelledBy={move} title={t(`${move}.title`)}>
      {asked && <p className="whitespace-pre-line wrap-anywhere">{asked}</p>}
      <Form
        form={move === 'answer' ? answerForm : amendForm}
        action={move === 'answer' ? answerAction : amendAction}
        shownFor={shownFor(one)}
        values={{ ...values, note: move === 'amend' ? (answers.note ?? '') : undefined }}
        options={{
          invoice: withChosen(invoices, one.invoice).map(({ id, period, number }) => ({
            value: String(id),
            label: `${formatMonth(period, locale)} · ${number}`,
          })),
          months: INSTALMENTS.map(value => ({ value, label: t('instalments', { count: Number(value) }) })),
        }}
        labels={Object.fromEntries(fields.map(field => [field, fieldLabel(field, one, locale)]))}
        without={requestFields.filter(field => !fields.includes(field))}
        tooLarge={tooLarge}
      />
      {move === 'amend' && (
        <p className="actions">
          <a href={pageOf(one)}>{t('amend.keep')}</a>
        </p>
      )}
    </Card>
  )
}

/** What the form says stays to be chosen, however old. */
const withChosen = (invoices: Pick<Bill, 'id' | 'period' | 'number'>[], chosen: Bill | undefined) =>
  chosen && !invoices.some(({ id }) => id === chosen.id) ? [...invoices, chosen] : invoices

async function Write({ one }: { one: ShownRequest }) {
  const t = await getTranslations('requests')
  return (
    <>
      <Form
        form={writeForm}
        action={writeAction}
        shownFor={shownFor(one)}
        labels={{ note: t('write.fields.note.label', { biller: one.biller.name }) }}
        buttons={[{ label: t('write.submit'), look: 'secondary' }]}
      />
      {one.open.includes('amend') && (
        <p className="actions">
          <a href={`${pageOf(one)}?change`}>{t('amend.link')}</a>
        </p>
      )}
    </>
  )
}

/** Asked once more. */
async function Withdraw({ one }: { one: ShownRequest }) {
  const t = await getTranslations('requests')
  return (
    <Card labelledBy="withdraw" title={t('withdraw.title')}>
      <p>{t('withdraw.text', { biller: one.biller.name })}</p>
      <Form
        form={withdrawRequestForm}
        action={withdrawAction}
        shownFor={shownFor(one)}
        buttons={[{ label: t('withdraw.submit'), look: 'danger' }]}
      />
      <p className="actions">
        <ButtonLink href={pageOf(one)} look="secondary">
          {t('withdraw.keep')}
        </ButtonLink>
      </p>
    </Card>
  )
}
