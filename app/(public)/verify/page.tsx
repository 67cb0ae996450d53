// Where anybody checks a debt certificate that they were given.

import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { certificateCheckForm } from '@/lib/certificates/forms.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { checkCertificateAction } from './actions.ts'

export default async function CheckCertificatePage({ searchParams }: PageProps<never, 'tooLarge'>) {
  const t = await getTranslations('certificateCheck')
  const { tooLarge } = await searchParams
  return (
    <PageShell title={t('title')} lead={t('lead')}>
      <Card>
        <Form form={certificateCheckForm} action={checkCertificateAction} tooLarge={tooLarge !== undefined} />
      </Card>
    </PageShell>
  )
}
