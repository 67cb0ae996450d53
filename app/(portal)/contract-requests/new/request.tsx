// The form of one kind of request: its own fields, what the customer began before, and above it what may help at once.
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { getFindings } from '@/lib/billing/finding-queries.ts'
import { moveNote } from '@/lib/billing/finding-words.ts'
import { listUnpaidInvoices } from '@/lib/billing/queries.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import {
  INSTALMENTS,
  type RequestCode,
  type RequestField,
  requestFields,
  requestKind,
  typeOf,
  USUAL,
} from '@/lib/cases/catalogue.ts'
import { deadlineOf } from '@/lib/cases/deadline-rules.ts'
import { requestForm } from '@/lib/cases/forms.ts'
import { newRequestPath, requestPath } from '@/lib/cases/schema.ts'
import { keptDocuments } from '@/lib/files/forms.ts'
import { answerPath } from '@/lib/help/topics.ts'
import {
  formatDayInSentence,
  formatInstant,
  formatList,
  formatMoney,
  formatMonth,
  formatMonthInSentence,
  formatNearDay,
  formatNumber,
  formatUnits,
} from '@/lib/i18n/formats.ts'
import { unusedOf } from '@/lib/payments/outcome-rules.ts'
import { getAttempt } from '@/lib/payments/paid-queries.ts'
import { parseAttemptId } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { sendRequestAction } from './actions.ts'
import { HELPS } from './help.ts'
import { type Found, OfContract, Steps, shownKind } from './parts.tsx'

/** `invoice`, `payment`: what the page before was about, if it is the contract's. `months`: those that were chosen there. */
type RequestProps = {
  found: Found
  kind: RequestCode
  invoice: string
  payment: string
  months: string | undefined
  tooLarge: boolean
}

export async function RequestPage({ found, kind, invoice, payment, months, tooLarge }: RequestProps) {
  const t = await getTranslations('request')
  const { biller, code } = found
  const { fields } = requestKind(kind)
  const draft = found.drafts.find(one => one.kind === kind)
  const customer = (await currentCustomer())!
  const path = newRequestPath({ biller: biller.code, code })
  const asks = (field: RequestField) => fields.some(one => one === field)
  const known = [draft?.typed.invoice, invoice].find(id => found.invoices.some(one => String(one.id) === id))
  const latest = typeOf(kind) === 'F' && !draft ? String(found.invoices[0]?.id ?? '') : ''
  return (
    <PageShell
      title={(await shownKind(biller.country))(kind)}
      above={<OfContract found={found} locale={await getLocale()} />}
    >
      <Steps current="what" back={`${path}?type=${typeOf(kind)}`} />
      <AtOnce found={found} kind={kind} customer={customer} />
      {draft && (
        <Notice icon="doc">
          {t('resumed', {
            at: formatInstant(new Date(draft.savedAt), await getLocale(), biller.timeZone),
          })}
        </Notice>
      )}
      <Form
        form={requestForm}
        action={sendRequestAction}
        shownFor={{ biller: biller.code, code, kind }}
        values={{
          note: await noteOf(found, kind, customer, payment),
          ...draft?.typed,
          ...(months && { months }),
          invoice: known ?? latest,
          type: typeOf(kind),
          kind,
        }}
        without={requestFields.filter(field => !asks(field) || (field === 'invoice' && !hasInvoices(found)))}
        options={{ invoice: await invoiceChoices(found, known ?? latest), months: await monthChoices() }}
        labels={{
          meterNumber: t('optional', { label: t('meterNumber', { country: biller.country }) }),
          newValue: kind.startsWith('D') && t(`newValue.${kind as 'D1'}`),
        }}
        hints={await hintsOf(found, kind)}
        kept={draft && keptDocuments(draft.documents, { accountId: customer.id })}
        buttons={[
          { label: t('submit'), intent: 'send' },
          { label: t('save'), intent: 'save', look: 'secondary' },
        ]}
        tooLarge={tooLarge}
      >
        <AnswerBy found={found} kind={kind} />
      </Form>
    </PageShell>
  )
}

const hasInvoices = ({ invoices }: Found) => invoices.length > 0

/** Where none is `chosen`, that none of them is meant stands first. */
async function invoiceChoices({ invoices, biller }: Found, chosen: string) {
  const t = await getTranslations('request')
  const locale = await getLocale()
  const noteOf = ({ units, reading }: Found['invoices'][number]) => {
    if (units === null) return null
    const used = formatUnits(units, biller.unit, locale)
    return reading === null ? used : t('units', { units: used, reading: formatNumber(reading, locale) })
  }
  const choices = invoices.map(one => ({
    value: String(one.id),
    label: (
      <>
        <span>
          <b>{formatMonth(one.period, locale)}</b>
          <small>{noteOf(one)}</small>
        </span>
        <b className="end">{formatMoney(one.total, biller.currency, locale)}</b>
      </>
    ),
  }))
  const none = { value: '', label: <span>{t('noInvoice')}</span> }
  return chosen ? [...choices, none] : [none, ...choices]
}

async function monthChoices() {
  const t = await getTranslations('request')
  return INSTALMENTS.map(value => ({ value, label: t('monthsOption', { count: Number(value) }) }))
}

/** Who has no supply need only send it: since when, and where as far as the reader may see that. So may who paid under a wrong code, or too much. */
async function noteOf(
  { address, biller, code }: Found,
  kind: RequestCode,
  customer: { id: string },
  payment: string,
): Promise<string | undefined> {
  const t = await getTranslations('request')
  const locale = await getLocale()
  if (kind === 'C1') {
    const at = formatInstant(clock.now(), locale, biller.timeZone)
    return t('noSupply.note', { at, address: address ?? 'none' })
  }
  if (kind === 'P3') {
    const id = parseAttemptId(payment)
    const paid = id && (await getAttempt(customer, id))
    const unused = paid ? unusedOf(paid) : 0
    return paid && unused > 0
      ? t('overpaid', { number: paid.number, amount: formatMoney(unused, paid.currency, locale) })
      : undefined
  }
  if (kind !== 'P2') return undefined
  const { shown, dismissed } = await getFindings(customer, biller.code, code, clock.now())
  for (const finding of [...shown, ...dismissed])
    if (finding.kind === 'wrongSlip' && String(finding.paymentId) === payment)
      return moveNote(finding, biller.currency, locale)
  return undefined
}

const asksWhatFor = (kind: RequestCode) => kind.startsWith('D') || kind === 'P5' || kind === 'M3'

/** What the company's record says stands beside what is typed, and the papers that help beside where they are added. */
async function hintsOf({ meterNumber, invoices, biller }: Found, kind: RequestCode) {
  const t = await getTranslations('request')
  const locale = await getLocale()
  const { country } = biller
  const read = invoices.find(({ reading, readOn }) => reading !== null && readOn !== null)
  const papers = requestKind(kind)
    .papers.filter(paper => paper !== 'meterPhoto' || biller.unit !== 'none')
    .map(paper => t(`papers.${paper}`, { country }))
  return {
    note: kind === 'C1' ? t('noSupply.hint') : asksWhatFor(kind) ? t('whatFor') : undefined,
    meterNumber: meterNumber ? t('recordedMeter', { number: meterNumber }) : undefined,
    currentReading: read
      ? t('recordedReading', {
          reading: formatNumber(read.reading!, locale),
          day: formatDayInSentence(read.readOn!, locale),
        })
      : undefined,
    documents: t('papersHint', { papers: formatList(papers, locale), biller: biller.name }),
  }
}

/** What may make the request needless: one that is open already, an answer of Help, and what is still to be paid first. */
async function AtOnce({
  found,
  kind,
  customer,
}: Pick<RequestProps, 'found' | 'kind'> & { customer: { id: string } }) {
  const t = await getTranslations('request')
  const help = await getTranslations('help')
  const locale = await getLocale()
  const { biller, code, open } = found
  const question = HELPS[kind]
  return (
    <>
      {open && (
        <Notice tone="wait" icon="request">
          <p>
            {t.rich('open', {
              number: open.number,
              state: open.state,
              month: open.period ? formatMonthInSentence(open.period, locale) : 'none',
              link: linkTo(requestPath(biller.code, code, open.number)),
            })}
          </p>
        </Notice>
      )}
      {(kind === 'C3' || kind === 'P5') && <Owes found={found} kind={kind} customer={customer} />}
      {question && (
        <Notice>
          <p>
            {t.rich('helps', {
              question: help(`questions.${question}.question`),
              b: chunks => <b>{chunks}</b>,
              link: linkTo(answerPath(question)),
            })}
          </p>
        </Notice>
      )}
    </>
  )
}

/** Nothing where nothing is to be paid. */
async function Owes({
  found,
  kind,
  customer,
}: {
  found: Found
  kind: 'C3' | 'P5'
  customer: { id: string }
}) {
  const { biller, code } = found
  const unpaid = await listUnpaidInvoices(customer, [found.id], clock.now())
  const due = kind === 'C3' ? unpaid.filter(({ overdue }) => overdue) : unpaid
  if (due.length === 0) return null
  const t = await getTranslations('request')
  const amount = formatMoney(sumOf(due, 'total'), biller.currency, await getLocale())
  const link = linkTo(`/contracts/${biller.code}/${code}/pay`)
  return (
    <Notice tone="wait" icon="due">
      <p>{t.rich(`owes.${kind}`, { amount, link })}</p>
    </Notice>
  )
}

/** Until when an answer is due that is sent now, and how that is counted. */
async function AnswerBy({ found, kind }: Pick<RequestProps, 'found' | 'kind'>) {
  const t = await getTranslations('request')
  const { timeZone } = found.biller
  const now = clock.now()
  const { limit = USUAL } = requestKind(kind)
  const working = { timeZone, daysOff: new Set(found.daysOff) }
  const { lastOn } = deadlineOf(limit, [{ state: 'pending', at: now }], working, now)
  const day = formatNearDay(lastOn, dayIn(timeZone, now), await getLocale())
  return (
    <p className="text-sm text-muted">
      {t.rich(`answerBy.${limit.unit}`, { day, count: limit.count, b: chunks => <b>{chunks}</b> })}
    </p>
  )
}
