// Chooses what of a queue is shown: a form that only asks, so that its answer has an address.
import { SelectField } from '@/components/form-field.tsx'
import { Button } from '@/components/ui/button.tsx'
import type { Staff } from '@/lib/auth/staff.ts'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { type Part, queuePath } from '@/lib/cases/chosen.ts'
import { kindsIn, statesIn } from '@/lib/cases/kinds.ts'
import type { Chosen } from '@/lib/cases/queue.ts'
import { getTranslations } from '@/lib/request/locale.ts'

type FilterProps = { queue: string; part: Part; chosen: Chosen; isOpen: boolean; staff: Staff }

export async function Filter({ queue, part, chosen, isOpen, staff }: FilterProps) {
  const t = await getTranslations('cases')
  const words = await getTranslations('words')
  const ofKind = await getTranslations('kinds')
  const selects = [
    {
      name: 'kind',
      label: t('columns.kind'),
      options: kindsIn(queue).map(kind => ({
        value: kind,
        label: ofKind(`${kind}.name`, { country: 'AL' }),
      })),
    },
    {
      name: 'state',
      label: t('columns.state'),
      options: statesIn(queue)[part].map(state => ({ value: state, label: t(`states.${state}`) })),
    },
    {
      name: 'biller',
      label: words('company'),
      options: await listBillerChoices(staff.billerIds),
    },
  ] as const
  return (
    <details open={isOpen}>
      <summary className="more">{t('filter.title')}</summary>
      <form action={`/staff/${queue}`} className="stack">
        <input type="hidden" name="show" value={part} />
        <div className="grid gap-3 sm:grid-cols-3">
          {selects.map(({ name, label, options }) => (
            <div key={name}>
              <SelectField
                name={name}
                label={label}
                defaultValue={chosen[name] ?? ''}
                options={[{ value: '', label: t('filter.all') }, ...options]}
              />
            </div>
          ))}
        </div>
        <p className="actions">
          <Button look="secondary">{t('filter.submit')}</Button>
          {isOpen && <a href={queuePath(queue, part)}>{t('filter.clear')}</a>}
        </p>
      </form>
    </details>
  )
}
