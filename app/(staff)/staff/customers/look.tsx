// What the pages of a customer share: the form that asks why somebody looks, the reason they gave, and what is masked.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { followForm, lookForm, revealForm } from '@/lib/looks/forms.ts'
import type { Look } from '@/lib/looks/looks.ts'
import { asShown, LOOK_MINUTES, LOOKUP_PATH, type Subject, UNMASKED_MINUTES } from '@/lib/looks/schema.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { followAction, lookAction, revealAction } from './actions.ts'

/** In place of the page of a customer, who is not looked at yet, or not any more. */
export async function AskWhy({ subject, name }: { subject: Subject; name?: string }) {
  const t = await getTranslations('look')
  return (
    <PageShell title={t('title')} lead={name} back={await wayBack()}>
      <Card>
        <p>{t('lead', { minutes: LOOK_MINUTES })}</p>
        <Form form={lookForm} action={lookAction} shownFor={asShown(subject)} />
      </Card>
    </PageShell>
  )
}

export async function wayBack() {
  const t = await getTranslations('findCustomer')
  return { href: LOOKUP_PATH, label: t('title') }
}

/** The reason, in the reader's words. */
export async function Because({ look: { reason, words } }: { look: Look }) {
  const t = await getTranslations('look')
  return <p>{t('because', { reason, words: words ?? '' })}</p>
}

/** Asks for what is masked, or says that it is shown. */
export async function Masked({ look: { id, unmasked } }: { look: Look }) {
  const t = await getTranslations('look')
  if (unmasked) return <Notice>{t('reveal.shown', { minutes: UNMASKED_MINUTES })}</Notice>
  return (
    <div className="stack">
      <p>
        <small>{t('reveal.masked')}</small>
      </p>
      <Form
        form={revealForm}
        action={revealAction}
        shownFor={{ look: id }}
        buttons={[{ label: t('reveal.submit'), look: 'secondary' }]}
      />
    </div>
  )
}

type FollowProps = ({ from: { look: string }; to: Subject } | { from: { case: string }; to?: never }) & {
  label: string
  /** What a screen reader reads, where several say the same. */
  says?: string
}

/** Leads on to a contract or an account for the same reason, or to the one that a case is about. */
export const Follow = ({ from, to, label, says }: FollowProps) => (
  <Form
    form={followForm}
    action={followAction}
    shownFor={{ ...from, ...(to && asShown(to)) }}
    buttons={[{ label, says, look: 'link' }]}
  />
)
