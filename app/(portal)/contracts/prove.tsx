// The form for the proof from the paper bill.
import { Form } from '@/components/form.tsx'
import { meterProofForm, numberProofForm } from '@/lib/contracts/forms.ts'
import type { PaperProof } from '@/lib/contracts/rules.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { proveByMeterAction, proveByNumberAction } from './prove-action.ts'

type Contract = { biller: string; code: string; country: 'AL' | 'XK' }

type ProofFormProps = {
  contract: Contract
  proof: PaperProof
  opens: 'invoices' | 'everything'
  beside?: string
}

/** `opens`: what the right answer opens. `beside`: as Form's. */
export async function ProofForm({
  contract: { biller, code, country },
  proof,
  opens,
  beside,
}: ProofFormProps) {
  const t = await getTranslations('prove')
  const buttons = [{ label: t(opens === 'invoices' ? 'submit' : 'submitHolder'), look: 'secondary' } as const]
  const shared = { shownFor: { biller, code }, beside, buttons }
  return proof === 'meter' ? (
    <Form
      form={meterProofForm}
      action={proveByMeterAction}
      labels={{ meterNumber: t('meterNumber', { country }) }}
      {...shared}
    />
  ) : (
    <Form form={numberProofForm} action={proveByNumberAction} {...shared} />
  )
}
