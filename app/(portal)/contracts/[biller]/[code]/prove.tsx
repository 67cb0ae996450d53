// The form for the proof from the paper bill.
import { ActionForm, type FormFieldSpec } from '@/components/action-form.tsx'
import type { PaperProof } from '@/lib/contracts/rules.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { proveContractAction } from './prove-action.ts'

type Contract = { biller: string; code: string; country: 'AL' | 'XK' }

/** `opens`: what the right answer opens. */
export async function ProofForm({
  contract: { biller, code, country },
  proof,
  opens,
}: {
  contract: Contract
  proof: PaperProof
  opens: 'invoices' | 'everything'
}) {
  const t = await getTranslations('prove')
  const errors = await getTranslations('errors')
  const text = (field: Omit<Extract<FormFieldSpec, { kind: 'text' }>, 'kind' | 'autoComplete'>) =>
    ({ kind: 'text', autoComplete: 'off', ...field }) as const
  const fields = {
    meter: [
      text({
        name: 'meterNumber',
        label: t('meterNumber', { country }),
        hint: t('meterNumberHint'),
        maxLength: 200,
      }),
      text({
        name: 'currentReading',
        label: t('currentReading'),
        hint: t('currentReadingHint'),
        inputMode: 'decimal',
        maxLength: 20,
      }),
    ],
    number: [
      text({ name: 'invoiceNumber', label: t('invoiceNumber'), maxLength: 60 }),
      text({
        name: 'invoiceTotal',
        label: t('invoiceTotal'),
        hint: t('invoiceTotalHint'),
        inputMode: 'decimal',
        maxLength: 20,
      }),
    ],
  }
  return (
    <ActionForm
      action={proveContractAction.bind(null, biller, code)}
      errorTitle={errors('title')}
      errorTexts={texts(errors, ['required', 'tooLong', 'readingForm', 'proofWrong', 'proofClosed', 'wait'])}
      fields={fields[proof]}
      buttons={[{ label: t(opens === 'invoices' ? 'submit' : 'submitHolder'), look: 'secondary' }]}
    />
  )
}
