// Adding a contract.
import { ActionForm } from '@/components/action-form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listBillers } from '@/lib/billers/queries.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { addContractAction } from './actions.ts'

export default async function AddContractPage() {
  const customer = await requireCustomer()
  const t = await getTranslations('addContract')
  const errors = await getTranslations('errors')
  const billers = await listBillers()
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/contracts', label: t('back') }}>
      <ActionForm
        action={addContractAction}
        errorTitle={errors('title')}
        errorTexts={texts(errors, [
          'required',
          'tooLong',
          'chooseBiller',
          'contractCodeForm',
          'contractMismatch',
          'alreadyAdded',
          'holderRefused',
          'wait',
        ])}
        buttons={[{ label: t('submit') }]}
        fields={[
          {
            kind: 'select',
            name: 'biller',
            label: t('biller'),
            defaultValue: '',
            options: [
              { value: '', label: t('chooseBiller') },
              ...billers.map(({ code, name }) => ({ value: code, label: name })),
            ],
          },
          {
            kind: 'text',
            name: 'contractCode',
            label: t('contractCode'),
            hint: t('contractCodeHint'),
            autoComplete: 'off',
            maxLength: 40,
          },
          {
            kind: 'text',
            name: 'firstName',
            label: t('firstName'),
            autoComplete: 'given-name',
            defaultValue: customer.firstName,
            maxLength: 60,
          },
          {
            kind: 'text',
            name: 'lastName',
            label: t('lastName'),
            autoComplete: 'family-name',
            defaultValue: customer.lastName,
            maxLength: 60,
          },
          {
            kind: 'text',
            name: 'alias',
            label: t('alias'),
            hint: t('aliasHint'),
            autoComplete: 'off',
            maxLength: 60,
          },
        ]}
      />
    </PageShell>
  )
}
