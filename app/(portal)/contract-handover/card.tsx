// Moving out, on the page of who has access and on its own: the form for the day, or the day that was named and how to take it back.
import { Form } from '@/components/form.tsx'
import { Card } from '@/components/ui/card.tsx'
import { handoverForm, undoHandoverForm } from '@/lib/contracts/forms.ts'
import type { ContractDetails } from '@/lib/contracts/queries.ts'
import { HANDOVER_AHEAD_DAYS, HANDOVER_BACK_DAYS } from '@/lib/contracts/rules.ts'
import { formatDayInSentence } from '@/lib/i18n/formats.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { chooseHandoverAction, undoHandoverAction } from './actions.ts'

type Props = { contract: ContractDetails; isFirst: boolean; isAlone?: boolean }

/** `isFirst`: no other form to type into stands above. `isAlone`: the page has its title already. */
export async function HandoverCard({ contract, isFirst, isAlone }: Props) {
  const { biller, code, untilOn, hasMovedOut } = contract
  const t = await getTranslations('handover')
  const day = untilOn && formatDayInSentence(untilOn, await getLocale())
  const titled = isAlone ? {} : { labelledBy: 'handover', title: t('title') }
  const shownFor = { biller: biller.code, code }
  if (day && hasMovedOut)
    return (
      <Card {...titled}>
        <p>{t('over', { day })}</p>
        <p>{t('overText')}</p>
      </Card>
    )
  return (
    <Card {...titled}>
      {day ? (
        <>
          <p>
            <b>{t('named', { day })}</b> {t('until')}
          </p>
          <Form
            form={undoHandoverForm}
            action={undoHandoverAction}
            shownFor={shownFor}
            buttons={[{ label: (await getTranslations('undoHandover'))('submit'), look: 'secondary' }]}
          />
        </>
      ) : (
        <>
          <p>{t('text')}</p>
          <Form
            form={handoverForm}
            action={chooseHandoverAction}
            shownFor={shownFor}
            beside={isFirst ? undefined : 'handover'}
            hints={{
              movesOutOn: t('fields.movesOutOn.hint', {
                ahead: HANDOVER_AHEAD_DAYS,
                back: HANDOVER_BACK_DAYS,
              }),
            }}
            buttons={[{ label: t('submit'), look: 'secondary' }]}
          />
        </>
      )}
    </Card>
  )
}
