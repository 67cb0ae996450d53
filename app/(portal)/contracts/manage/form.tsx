'use client'
// One contract's name, and the button that takes it off the list.
import { ErrorSummary } from '@/components/error-summary.tsx'
import { FormField } from '@/components/form-field.tsx'
import { Button } from '@/components/ui/button.tsx'
import { useKeptAction } from '@/components/use-kept-action.ts'
import { manageContractAction } from './actions.ts'

export function ManageForm({
  id,
  biller,
  contractCode,
  alias,
  texts,
  errorTitle,
  errorTexts,
}: {
  id: number
  biller: string
  contractCode: string
  alias: string
  texts: Record<'alias' | 'aliasHint' | 'save' | 'remove', string>
  errorTitle: string
  errorTexts: Record<string, string>
}) {
  const [state, submit] = useKeptAction(manageContractAction)
  const aliasError = state.fieldErrors.alias && errorTexts[state.fieldErrors.alias]
  const field = `alias-${id}`
  return (
    <form action={submit} noValidate key={state.round} data-scripted className="space-y-4">
      <ErrorSummary
        title={errorTitle}
        round={state.round}
        errors={[
          ...(state.formError ? [{ text: errorTexts[state.formError] ?? state.formError }] : []),
          ...(aliasError ? [{ field, text: aliasError }] : []),
        ]}
      />
      <input type="hidden" name="biller" value={biller} />
      <input type="hidden" name="contractCode" value={contractCode} />
      <FormField
        id={field}
        name="alias"
        label={texts.alias}
        hint={texts.aliasHint}
        error={aliasError}
        defaultValue={state.values.alias ?? alias}
        maxLength={60}
        autoComplete="off"
      />
      <p className="flex flex-wrap gap-3">
        <Button look="secondary" name="intent" value="name">
          {texts.save}
        </Button>
        <Button look="danger" name="intent" value="remove">
          {texts.remove}
        </Button>
      </p>
    </form>
  )
}
