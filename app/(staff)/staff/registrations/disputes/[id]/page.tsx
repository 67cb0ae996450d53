// A disputed registration: what the person says, what is registered, and the decision.
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { getDispute } from '@/lib/cases/queries.ts'
import { isDecided, mayMove } from '@/lib/cases/rules.ts'
import { parseId } from '@/lib/cases/schema.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { DocumentsCard, ProgressCard, ReviewForm } from '../../review.tsx'
import { reviewDisputeAction } from './actions.ts'

export default async function DisputePage({ params }: { params: Promise<{ id: string }> }) {
  const staff = await requireStaff()
  const id = parseId((await params).id)
  const found = id && (await getDispute(staff, id, clock.now()))
  if (!found) return refuseStaff(staff, id && `dispute:${id}`)
  const { dispute, earlier, state } = found
  const t = await getTranslations('staffRegistrations')
  const locale = await getLocale()
  const decides = mayMove('dispute', 'grant', staff.role)
  const day = (at: Date) => formatInstant(at, locale, 'Europe/Belgrade')
  const boxes = earlier.flatMap(({ id: account, firstName, lastName, createdAt, shares, recognised }) => {
    const registered = { name: `${firstName} ${lastName}`, day: day(createdAt) }
    return [
      {
        kind: 'box' as const,
        name: 'accounts',
        value: account,
        label: (
          <>
            {t('registered', { ...registered, shares: shares.map(field => t(`shares.${field}`)).join(', ') })}
            {recognised.map(({ contract, by, at }) => (
              <strong key={contract} className="block">
                {t('recognised', {
                  contract,
                  by,
                  dated: at ? 'yes' : 'no',
                  day: at ? day(new Date(at)) : '',
                })}
              </strong>
            ))}
          </>
        ),
      },
      {
        kind: 'box' as const,
        name: 'confirmed',
        value: account,
        follows: `accounts=${account}`,
        onError: 'confirmClosing',
        label: t('confirmClosing', registered),
      },
    ]
  })
  return (
    <PageShell
      title={t('disputeTitle', { name: `${dispute.firstName} ${dispute.lastName}` })}
      back={{ href: '/staff/registrations', label: t('back') }}
    >
      <ProgressCard progress={{ ...dispute, ...found }} />
      <Card labelledBy="details">
        <h2 id="details" className="mb-2">
          {t('details')}
        </h2>
        <Facts
          facts={[
            { label: t('personalNumber'), value: dispute.personalNumber },
            { label: t('phone'), value: dispute.phone },
            { label: t('email'), value: dispute.email },
            { label: t('contract'), value: `${found.biller} ${found.contractCode}` },
            { label: t('holder'), value: found.holder ?? t('unknown') },
            { label: t('holderNumber'), value: t(found.holderAgrees ? 'agrees' : 'differs') },
            { label: t('note'), value: dispute.note ?? t('none') },
          ]}
        />
      </Card>
      <DocumentsCard documents={found.documents} />
      {decides && !isDecided(state) && earlier.length === 0 && (
        <Card labelledBy="earlier">
          <h2 id="earlier" className="mb-2">
            {t('earlier')}
          </h2>
          <p>{t('noEarlier')}</p>
        </Card>
      )}
      <ReviewForm
        staff={staff}
        kind="dispute"
        state={state}
        action={reviewDisputeAction.bind(null, dispute.id)}
        boxes={boxes}
        choice={
          earlier.length > 0 && (
            <>
              <h3>{t('earlier')}</h3>
              <p>{t('removeHint')}</p>
            </>
          )
        }
      />
    </PageShell>
  )
}
