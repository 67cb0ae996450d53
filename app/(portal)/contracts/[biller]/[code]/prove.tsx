// For a tenant with the paper bill: its number and total open the invoices, with the holder masked.
import { ActionForm } from '@/components/action-form.tsx'
import { Card } from '@/components/ui/card.tsx'
import { getTranslations } from '@/lib/i18n/server.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { proveContractAction } from './prove-action.ts'

export async function ProveContract({ biller, code }: { biller: string; code: string }) {
  const t = await getTranslations('prove')
  const errors = await getTranslations('errors')
  return (
    <Card labelledBy="prove">
      <h2 id="prove">{t('title')}</h2>
      <p className="my-3">{t('lead')}</p>
      <ActionForm
        action={proveContractAction.bind(null, biller, code)}
        errorTitle={errors('title')}
        errorTexts={texts(errors, ['required', 'tooLong', 'proofWrong', 'wait'])}
        fields={[
          {
            kind: 'text',
            name: 'invoiceNumber',
            label: t('invoiceNumber'),
            autoComplete: 'off',
            maxLength: 60,
          },
          {
            kind: 'text',
            name: 'invoiceTotal',
            label: t('invoiceTotal'),
            hint: t('invoiceTotalHint'),
            inputMode: 'decimal',
            autoComplete: 'off',
            maxLength: 20,
          },
        ]}
        buttons={[{ label: t('submit'), look: 'secondary' }]}
      />
    </Card>
  )
}
