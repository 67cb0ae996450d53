// Narrows what is shown by who did it, what kind of thing, and when: a form that only asks, so that its answer has an address.
import { FormField, SelectField } from '@/components/form-field.tsx'
import { Button } from '@/components/ui/button.tsx'
import { groupNames } from '@/lib/audit/actions.ts'
import { auditPath, type ChosenEvents } from '@/lib/audit/chosen.ts'
import type { Colleague } from '@/lib/audit/subjects.ts'
import { getTranslations } from '@/lib/request/locale.ts'

type FilterProps = { chosen: ChosenEvents; colleagues: Colleague[] }

export async function AuditFilter({ chosen, colleagues }: FilterProps) {
  const t = await getTranslations('audit')
  const { person, group, from, to, ...about } = chosen
  const isOpen = [person, group, from, to].some(Boolean)
  const all = { value: '', label: t('filter.all') }
  return (
    <details open={isOpen}>
      <summary className="more">{t('filter.title')}</summary>
      <form action="/staff/audit" className="stack">
        {Object.entries(about).map(
          ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
        )}
        <div className="grid gap-3 sm:grid-cols-2">
          <SelectField
            name="person"
            label={t('filter.person')}
            defaultValue={person ?? ''}
            options={[all, ...colleagues.map(({ id, name }) => ({ value: id, label: name }))]}
          />
          <SelectField
            name="group"
            label={t('filter.group')}
            defaultValue={group ?? ''}
            options={[all, ...groupNames.map(name => ({ value: name, label: t(`kinds.${name}`) }))]}
          />
          <FormField name="from" type="date" label={t('filter.from')} defaultValue={from ?? ''} />
          <FormField name="to" type="date" label={t('filter.to')} defaultValue={to ?? ''} />
        </div>
        <p className="actions">
          <Button look="secondary">{t('filter.submit')}</Button>
          {isOpen && <a href={auditPath(about)}>{t('filter.clear')}</a>}
        </p>
      </form>
    </details>
  )
}
