// What the owner says beside what the biller's record says.
import type { ReactNode } from 'react'
import { Form } from '@/components/form.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Table } from '@/components/ui/table.tsx'
import { unmaskForm } from '@/lib/cases/forms.ts'
import { textsOf } from '@/lib/cases/kinds.ts'
import type { ShownCase } from '@/lib/cases/queries.ts'
import { isOfRequests } from '@/lib/cases/queue.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { unmaskAction } from './actions.ts'
import { sayOf } from './words.ts'

/** What differs is marked by a word. */
export async function Comparison({ one }: { one: ShownCase }) {
  const { id, kind, country, compared, queue } = one
  const t = await getTranslations('cases')
  const ofRequests = isOfRequests(queue)
  const ofKind = await getTranslations('kinds')
  const say = await sayOf(kind)
  const labelOf = (of: 'claimed' | 'recorded') =>
    of === 'claimed' && ofRequests ? t('columns.client') : t(`compare.${of}`)
  // On a phone the two stand below each other.
  const side = (of: 'claimed' | 'recorded', value: ReactNode) => (
    <>
      <span className="text-muted sm:hidden">{labelOf(of)}: </span>
      {value}
    </>
  )
  return (
    <Card labelledBy="compared" title={t(ofRequests ? 'compare.requestTitle' : 'compare.title')}>
      <Table
        caption={t(ofRequests ? 'compare.requestTitle' : 'compare.title')}
        columns={[
          { key: 'what', label: t('compare.what'), hiddenLabel: true },
          { key: 'claimed', label: labelOf('claimed'), place: 'sub' },
          { key: 'recorded', label: t('compare.recorded'), place: 'sub' },
          { key: 'match', label: t('compare.match'), hiddenLabel: true, amount: true },
        ]}
        rows={compared.map(({ label, claimed, recorded, agrees, masked }) => ({
          id: label,
          cells: {
            what: ofKind(`${textsOf(kind)}.compared.${label}` as 'request.compared.meter', { country }),
            claimed: side('claimed', claimed),
            recorded: side(
              'recorded',
              masked && typeof recorded !== 'string' ? (
                <Form
                  form={unmaskForm}
                  action={unmaskAction}
                  beside="unmask"
                  shownFor={{ case: id }}
                  buttons={[{ label: t('compare.unmask'), look: 'link' }]}
                />
              ) : typeof recorded === 'string' ? (
                recorded
              ) : (
                say(recorded)
              ),
            ),
            match: <Match agrees={agrees} />,
          },
        }))}
      />
      <small>{t('compare.seen')}</small>
    </Card>
  )
}

async function Match({ agrees }: { agrees: boolean | undefined }) {
  const t = await getTranslations('cases')
  if (agrees === undefined) return <small>{t('compare.unknown')}</small>
  return <Chip tone={agrees ? 'good' : 'bad'}>{t(agrees ? 'compare.agrees' : 'compare.differs')}</Chip>
}
