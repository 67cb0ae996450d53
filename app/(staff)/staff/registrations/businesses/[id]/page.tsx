// A business that a customer says is theirs: what they gave, the register extract, and the decision.
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { getBusiness } from '@/lib/cases/queries.ts'
import { parseId } from '@/lib/cases/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { DocumentsCard, ProgressCard, ReviewForm } from '../../review.tsx'
import { reviewBusinessAction } from './actions.ts'

export default async function BusinessPage({ params }: { params: Promise<{ id: string }> }) {
  const staff = await requireStaff()
  const id = parseId((await params).id)
  const found = id && (await getBusiness(staff, id, clock.now()))
  if (!found) return refuseStaff(staff, id && `business:${id}`)
  const { business, state } = found
  const t = await getTranslations('staffRegistrations')
  return (
    <PageShell
      title={t('businessTitle', { name: business.name })}
      back={{ href: '/staff/registrations', label: t('back') }}
    >
      <ProgressCard progress={{ ...business, ...found }} />
      <Card labelledBy="details">
        <h2 id="details" className="mb-2">
          {t('details')}
        </h2>
        <Facts
          facts={[
            { label: t('biller'), value: found.biller },
            { label: t('number'), value: business.number },
            { label: t('representative'), value: business.legalRepresentative },
            { label: t('account'), value: `${found.firstName} ${found.lastName}` },
            { label: t('contracts'), value: String(found.contracts) },
          ]}
        />
      </Card>
      <DocumentsCard documents={found.documents} />
      <ReviewForm
        staff={staff}
        kind="business"
        state={state}
        action={reviewBusinessAction.bind(null, business.id)}
      />
    </PageShell>
  )
}
