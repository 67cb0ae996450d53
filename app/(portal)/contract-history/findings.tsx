// What was found in a contract's bills and payments: a sentence, the one thing to do about it, and a way to hide it.
import { Form } from '@/components/form.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import type { IconName } from '@/components/ui/icon.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import type { BillerCode } from '@/lib/billers/contract-codes.ts'
import { findingKey } from '@/lib/billing/finding-columns.ts'
import type { Finding, FindingKind } from '@/lib/billing/finding-rules.ts'
import { type CountedBy, findingWords } from '@/lib/billing/finding-words.ts'
import { findingForm } from '@/lib/billing/forms.ts'
import type { RequestCode } from '@/lib/cases/catalogue.ts'
import { newRequestPath } from '@/lib/cases/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { changeFindingAction } from './actions.ts'

/** `page`: where it is shown, and shown again afterwards. */
type Shown = { contract: CountedBy & { biller: BillerCode; code: string }; page: string }

const LOOKS: Record<FindingKind, { icon: IconName; tone: 'wait' | 'plain' }> = {
  wrongSlip: { icon: 'pay', tone: 'wait' },
  skipped: { icon: 'due', tone: 'wait' },
  stillThenJump: { icon: 'meter', tone: 'plain' },
  estimated: { icon: 'meter', tone: 'plain' },
  longPeriod: { icon: 'calc', tone: 'plain' },
  aboveLastYear: { icon: 'usage', tone: 'plain' },
}

export async function Findings({ findings, ...shown }: Shown & { findings: Finding[] }) {
  const t = await getTranslations('findings')
  const locale = await getLocale()
  return findings.map(finding => {
    const words = findingWords(finding, shown.contract, locale)
    return (
      <div key={findingKey(finding)} className="print:hidden">
        <Notice {...LOOKS[finding.kind]}>
          <p>{words}</p>
          <div className="actions">
            <ButtonLink href={stepPath(finding, shown.contract)} look="link">
              {t(`steps.${finding.kind}`, { many: hasMany(finding) ? 'yes' : 'no' })}
            </ButtonLink>
            <Change finding={finding} intent="dismiss" words={words} {...shown} />
          </div>
        </Notice>
      </div>
    )
  })
}

/** At the end of the page: nothing where nothing was hidden. */
export async function HiddenFindings({ findings, ...shown }: Shown & { findings: Finding[] }) {
  if (findings.length === 0) return null
  const t = await getTranslations('findings')
  const locale = await getLocale()
  return (
    <section aria-labelledby="hidden" className="card print:hidden">
      <details className="fold">
        <summary>
          <h2 id="hidden">{t('dismissed', { count: findings.length })}</h2>
        </summary>
        <ul className="space-y-2">
          {findings.map(finding => {
            const words = findingWords(finding, shown.contract, locale)
            return (
              <li key={findingKey(finding)}>
                <p>{words}</p>
                <Change finding={finding} intent="restore" words={words} {...shown} />
              </li>
            )
          })}
        </ul>
      </details>
    </section>
  )
}

/** `note`: what the address says was done with one. */
export async function FindingDone({ note }: { note: unknown }) {
  const t = await getTranslations('findings')
  return (note === 'dismiss' || note === 'restore') && <Done>{t(`done.${note}`)}</Done>
}

async function Change({
  finding,
  intent,
  words,
  contract: { biller, code },
  page,
}: Shown & { finding: Finding; intent: 'dismiss' | 'restore'; words: string }) {
  const t = await getTranslations('findings')
  return (
    <Form
      form={findingForm}
      action={changeFindingAction}
      shownFor={{ biller, code, page, finding: findingKey(finding) }}
      buttons={[{ intent, label: t(intent), says: t(`${intent}This`, { finding: words }), look: 'link' }]}
    />
  )
}

/** From so many estimated bills in a row on, a reading of one's own is not enough. */
const MANY_ESTIMATES = 3
const hasMany = (finding: Finding) => finding.kind === 'estimated' && finding.bills >= MANY_ESTIMATES

/** What is done about it: paying, a reading of one's own, or a request that is filled in as far as can be. */
function stepPath(finding: Finding, contract: { biller: BillerCode; code: string }): string {
  const path = `/contracts/${contract.biller}/${contract.code}`
  const complain = (kind: RequestCode) =>
    `${newRequestPath(contract)}?type=${kind[0]}&kind=${kind}&invoice=${finding.invoiceId}`
  switch (finding.kind) {
    case 'wrongSlip':
      return `${newRequestPath({ ...contract, code: finding.from })}?type=P&kind=P2&payment=${finding.paymentId}`
    case 'skipped':
      return `${path}/pay?late`
    case 'estimated':
      return hasMany(finding) ? complain('F4') : `${path}/readings`
    case 'stillThenJump':
      return complain('F1')
    case 'longPeriod':
      return complain('F2')
    case 'aboveLastYear':
      return complain('F5')
  }
}
