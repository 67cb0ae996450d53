// A request or complaint: how it stands and who has to act, what was said, and what its owner may do.
import { notFound } from 'next/navigation'
import { PageShell } from '@/components/page-shell.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { requestName } from '@/lib/cases/answer-words.ts'
import { regulatorReason } from '@/lib/cases/regulator.ts'
import { getRequest } from '@/lib/cases/request-queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { contractOf } from '../../contracts/address.ts'
import { Move, moveOf } from './moves.tsx'
import { RegulatorNote } from './regulator-note.tsx'
import { Sent } from './sent.tsx'
import { Status } from './status.tsx'
import { Talk } from './talk.tsx'

type RequestPageProps = PageProps<
  'number',
  'biller' | 'code' | 'sent' | 'done' | 'change' | 'withdraw' | 'tooLarge'
>
const DONE = ['answered', 'amended', 'written', 'withdrawn'] as const

export default async function RequestPage({ params, searchParams }: RequestPageProps) {
  const customer = await requireCustomer()
  const contract = await contractOf(searchParams)
  const now = clock.now()
  const one = await getRequest(customer, contract, (await params).number, now)
  if (!one) notFound()
  const { sent, done, change, withdraw, tooLarge } = await searchParams
  const t = await getTranslations('requests')
  const locale = await getLocale()
  const wants = { change: change !== undefined || tooLarge !== undefined, withdraw: withdraw !== undefined }
  const move = moveOf(one, wants)
  // Who has got what they asked for is not told first how to complain.
  const leads = regulatorReason(one) !== undefined && one.state !== 'accepted'
  const said = DONE.find(move => move === done)
  return (
    <PageShell
      title={requestName(one, locale)}
      above={
        <p className="trail">
          <a href={`/contracts/${contract.biller}/${contract.code}/requests`}>{t('trail')}</a> ·{' '}
          <span className="code">{one.number}</span>
        </p>
      }
      wide
    >
      {sent !== undefined && (
        <Done>
          <p className="text-lg">
            {t.rich('sentTitle', {
              number: one.number,
              b: chunks => <b className="block text-2xl code">{chunks}</b>,
            })}
          </p>
          <p>{t('sentText')}</p>
        </Done>
      )}
      {said && <Done>{t(`done.${said}`)}</Done>}
      {!one.isOwn && <Notice>{t('others')}</Notice>}
      <div className="columns">
        <div>
          <Status one={one} now={now} locale={locale} />
          {leads && <RegulatorNote one={one} locale={locale} />}
          {move && move !== 'write' && <Move one={one} move={move} tooLarge={tooLarge !== undefined} />}
          <Talk one={one} locale={locale}>
            {move === 'write' && <Move one={one} move={move} />}
          </Talk>
        </div>
        <div>
          <Sent one={one} isLeaving={move === 'withdraw'} locale={locale} />
          {!leads && <RegulatorNote one={one} locale={locale} />}
        </div>
      </div>
    </PageShell>
  )
}
