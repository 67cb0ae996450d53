// Paying a bill without an account: what stands on it leads to a link of the payer's own.
import { Form } from '@/components/form.tsx'
import { stoppedText } from '@/components/maintenance.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { paperBills } from '@/components/paper-bill.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { findBillForm } from '@/lib/payments/forms.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { findBillAction } from './actions.ts'

export default async function PayWithoutAccountPage() {
  const t = await getTranslations('findBill')
  const stopped = stoppedText(clock.now(), await getLocale())
  return (
    <PageShell title={t('title')} wide>
      <div className="columns two-columns">
        <div>
          <Card>
            <Form
              form={findBillForm}
              action={findBillAction}
              options={{ biller: await listBillerChoices() }}
              pictures={{ contractCode: await paperBills() }}
              // It can be found and read all the same, and paid by the same address later.
              below={stopped ? <p>{stopped}</p> : <p className="text-sm text-muted">{t('next')}</p>}
            />
          </Card>
        </div>
        <div>
          <Card labelledBy="where" title={t('where')}>
            <p>{t('whereText')}</p>
          </Card>
          <Notice>{t('nothingPersonal')}</Notice>
          <p className="actions">
            <a href="/sign-in">{t('signIn')}</a>
            <a href="/register">{t('register')}</a>
          </p>
        </div>
      </div>
    </PageShell>
  )
}
