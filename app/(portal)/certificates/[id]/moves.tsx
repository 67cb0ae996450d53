// What an applicant may do: answer what staff ask, and take the application back.
import { Form } from '@/components/form.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { requestFields } from '@/lib/cases/catalogue.ts'
import { answerForm, withdrawRequestForm } from '@/lib/cases/forms.ts'
import type { Application } from '@/lib/cases/own-certificates.ts'
import { certificatePath } from '@/lib/certificates/schema.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { answerApplicationAction, withdrawApplicationAction } from './actions.ts'

const shownFor = ({ id, events }: Application) => ({ application: id, seen: String(events) })

/** `tooLarge`: what was sent last had files so large that none of it was read. */
export async function Answer({ one, tooLarge }: { one: Application; tooLarge: boolean }) {
  const t = await getTranslations('certificates')
  const asked = one.history.findLast(({ move }) => move === 'ask')?.note
  return (
    <Card labelledBy="answer" title={t('answer')}>
      {asked && <p className="whitespace-pre-line wrap-anywhere">{asked}</p>}
      <Form
        form={answerForm}
        action={answerApplicationAction}
        shownFor={shownFor(one)}
        without={[...requestFields]}
        tooLarge={tooLarge}
      />
    </Card>
  )
}

/** Asked once more. */
export async function Withdraw({ one }: { one: Application }) {
  const t = await getTranslations('certificates')
  return (
    <Card labelledBy="withdraw" title={t('withdraw.title')}>
      <Form
        form={withdrawRequestForm}
        action={withdrawApplicationAction}
        shownFor={shownFor(one)}
        buttons={[{ label: t('withdraw.submit'), look: 'danger' }]}
      />
      <p className="actions">
        <ButtonLink href={certificatePath(one.id)} look="secondary">
          {t('withdraw.keep')}
        </ButtonLink>
      </p>
    </Card>
  )
}
