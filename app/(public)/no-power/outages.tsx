// Faults and planned work: all that is known now, or of a place, or of the area of a contract.
import { ErrorSummary } from '@/components/error-summary.tsx'
import { FormField, SelectField } from '@/components/form-field.tsx'
import { OutageChip } from '@/components/supply-chips.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { supplyOf } from '@/lib/billers/supply.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { BillerOutages } from '@/lib/supply/queries.ts'
import { MOST_OUTAGES } from '@/lib/supply/queries.ts'
import { byUrgency } from '@/lib/supply/rules.ts'
import { NO_POWER } from '@/lib/supply/schema.ts'
import { nearTime, saidOf, whenOf, whereOf } from '@/lib/supply/words.ts'
import { type Asked, MOST_LETTERS } from './search.ts'

type Props = { asked: Asked; billers: BillerOutages[]; now: Date; locale: Locale }

/** What is wrong with what was asked for, by its field's label where it stands away from it. */
function saidOfError({ error, biller }: Asked, locale: Locale) {
  if (!error) return undefined
  const supply = biller === '' ? 'none' : supplyOf(biller)
  return translator(locale, 'errors')(error.key, { biller, supply })
}

/** `updated`: those of which is said how new it is. `isVisitor`: who has no contracts here types a code. `wait`: seconds until a contract may be searched for again. */
export function Outages({
  asked,
  billers,
  updated,
  isVisitor,
  wait,
  now,
  locale,
}: Props & { updated: BillerOutages[]; isVisitor: boolean; wait: number }) {
  const t = translator(locale, 'noPower')
  const errors = translator(locale, 'errors')
  const fields = translator(locale, 'fields')
  const { error } = asked
  return (
    <Card labelledBy="outages" title={t('search.title')}>
      {error && (
        <ErrorSummary
          title={errors('title')}
          errors={[
            { field: error.field, text: `${fields(`${error.field}.label`)}: ${saidOfError(asked, locale)}` },
          ]}
          round={0}
        />
      )}
      <SearchForms
        asked={asked}
        billers={billers}
        isOpen={isVisitor || asked.contractCode !== ''}
        locale={locale}
      />
      {wait > 0 ? (
        <Notice tone="wait" live>
          {errors('wait', { minutes: Math.ceil(wait / 60), hours: Math.ceil(wait / 3600) })}
        </Notice>
      ) : (
        !error && <Found asked={asked} billers={billers} now={now} locale={locale} />
      )}
      <p className="text-muted text-sm">
        {updated.map(
          ({ code, name, updatedAt, timeZone }) =>
            updatedAt && (
              <span key={code}>
                {t('search.updated', {
                  biller: name,
                  at: nearTime(updatedAt, { timeZone, now, locale }),
                })}{' '}
              </span>
            ),
        )}
        {t('search.privacy')}
      </p>
    </Card>
  )
}

function SearchForms({ asked, billers, isOpen, locale }: Omit<Props, 'now'> & { isOpen: boolean }) {
  const t = translator(locale, 'noPower')
  const fields = translator(locale, 'fields')
  const errorOf = (field: 'biller' | 'contractCode') =>
    asked.error?.field === field ? saidOfError(asked, locale) : undefined
  return (
    <>
      <form action={NO_POWER} className="field">
        <label htmlFor="place">{t('search.place')}</label>
        <div className="find">
          <input
            id="place"
            name="place"
            className="input"
            defaultValue={asked.contractCode ? '' : asked.place}
            maxLength={MOST_LETTERS}
            autoComplete="off"
          />
          <Button look="secondary" icon="search">
            {t('search.submit')}
          </Button>
        </div>
      </form>
      <details open={isOpen}>
        <summary className="more">{t('search.byCode')}</summary>
        <form action={NO_POWER} className="stack">
          <div className="half">
            <SelectField
              name="biller"
              label={fields('biller.label')}
              defaultValue={asked.biller}
              error={errorOf('biller')}
              options={[
                { value: '', label: fields('biller.choose') },
                ...billers.map(({ code, name }) => ({ value: code, label: name })),
              ]}
            />
            <FormField
              name="contractCode"
              label={fields('contractCode.label')}
              hint={fields('contractCode.hints.other')}
              defaultValue={asked.contractCode}
              error={errorOf('contractCode')}
              maxLength={40}
              autoComplete="off"
            />
          </div>
          <Button look="secondary" icon="search">
            {t('search.codeSubmit')}
          </Button>
        </form>
      </details>
    </>
  )
}

function Found({ asked: { place, search }, billers, now, locale }: Props) {
  const t = translator(locale, 'noPower')
  const isSearch = search.place !== undefined || search.contract !== undefined
  const all = byUrgency(
    billers.flatMap(({ outages, ...biller }) => outages.map(outage => ({ ...outage, biller }))),
    now,
  )
  const hasMore = all.length > MOST_OUTAGES || billers.some(biller => biller.hasMore)
  return (
    <>
      {isSearch && (
        <p role="status">
          {search.contract
            ? t('search.ofContract', { contract: search.contract.code })
            : t('search.ofPlace', { place })}{' '}
          <a href={NO_POWER}>{t('search.all')}</a>
        </p>
      )}
      {all.length === 0 && <p>{t(isSearch ? 'search.nothing' : 'search.nothingAnywhere')}</p>}
      <Rows
        rows={all.slice(0, MOST_OUTAGES).map(({ biller, ...outage }) => {
          const { title, within } = whereOf(outage, locale)
          const said = saidOf(outage, locale)
          const when = whenOf(outage, { timeZone: biller.timeZone, now, locale })
          return {
            id: String(outage.id),
            title,
            note: (
              <>
                {[...within, when].join(' · ')}
                {said && (
                  <>
                    {' · '}
                    <span lang={said.lang}>{said.text}</span>
                  </>
                )}
                {` · ${biller.name}`}
              </>
            ),
            end: <OutageChip outage={outage} now={now} locale={locale} />,
          }
        })}
      />
      {hasMore && <p className="text-muted">{t('search.more')}</p>}
    </>
  )
}
