// The first step: what the request is about. What was begun and not sent stands above it.
import { ErrorSummary } from '@/components/error-summary.tsx'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { kindsOfType, type RequestType, requestTypes } from '@/lib/cases/catalogue.ts'
import { DRAFT_DAYS } from '@/lib/cases/drafts.ts'
import type { RequestDraft } from '@/lib/cases/form-queries.ts'
import { discardForm } from '@/lib/cases/forms.ts'
import { newRequestPath } from '@/lib/cases/schema.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { discardDraftAction } from './actions.ts'
import { type Found, kindPath, OfContract, Steps, shownKind } from './parts.tsx'

/** `type`: the one chosen before. `isWrong`: nothing was chosen, or what does not go together. */
export async function Choose({
  found,
  type: chosen,
  invoice,
  isWrong,
  done,
}: {
  found: Found
  type?: RequestType
  /** The one that the page before was about, for the next step. */
  invoice?: string
  isWrong: boolean
  done?: 'saved' | 'discarded'
}) {
  const t = await getTranslations('request')
  const words = await getTranslations('words')
  const errors = await getTranslations('errors')
  const { country, code: biller } = found.biller
  const types = requestTypes
    .map(type => ({ type, kinds: kindsOfType(type, biller) }))
    .filter(({ kinds }) => kinds.length > 0)
  const names = await shownKind(country)
  const first = chosen ? `kind-${kindsOfType(chosen, biller)[0]}` : `type-${types[0]!.type}`
  return (
    <PageShell
      title={t('title')}
      lead={<p>{t('lead')}</p>}
      above={<OfContract found={found} locale={await getLocale()} />}
    >
      {done && <Done>{t(done, { days: DRAFT_DAYS })}</Done>}
      {found.drafts.length > 0 && <Drafts found={found} />}
      <Steps current="type" />
      <form action={newRequestPath({ biller, code: found.code })} className="stack">
        <ErrorSummary
          title={errors('title')}
          errors={isWrong ? [{ field: first, text: t(chosen ? 'chooseExactly' : 'chooseKind') }] : []}
          round={0}
        />
        {invoice && <input type="hidden" name="invoice" value={invoice} />}
        <fieldset className="card kinds">
          <legend>{t('typeLegend')}</legend>
          {types.map(({ type, kinds }) => (
            <div key={type}>
              <label className="pick">
                <input
                  id={`type-${type}`}
                  name="type"
                  value={type}
                  type="radio"
                  defaultChecked={type === chosen}
                  className="box"
                />
                <span>
                  <b>{t(`types.${type}`, { country })}</b>
                </span>
              </label>
              <fieldset>
                <legend className="sr-only">{t('kindLegend')}</legend>
                {kinds.map(kind => (
                  <label key={kind} className="pick">
                    <input id={`kind-${kind}`} name="kind" value={kind} type="radio" className="box" />
                    <span>
                      <b>{names(kind)}</b>
                      <small>{t(`about.${kind}`, { country })}</small>
                    </span>
                  </label>
                ))}
              </fieldset>
            </div>
          ))}
        </fieldset>
        <p className="actions">
          <Button name="step" value="2">
            {words('continue')}
          </Button>
        </p>
      </form>
    </PageShell>
  )
}

async function Drafts({ found }: { found: Found }) {
  const t = await getTranslations('request')
  return (
    <Card labelledBy="drafts" title={t('drafts.title')}>
      <ul className="rows">
        {found.drafts.map(draft => (
          <Draft key={draft.id} draft={draft} found={found} />
        ))}
      </ul>
    </Card>
  )
}

async function Draft({ draft, found }: { draft: RequestDraft; found: Found }) {
  const t = await getTranslations('request')
  const names = await shownKind(found.biller.country)
  const name = names(draft.kind)
  const at = formatInstant(new Date(draft.savedAt), await getLocale(), found.biller.timeZone)
  const count = draft.documents.length
  return (
    <li>
      <div>
        <span>
          <b>{name}</b>
          <small>
            {t('drafts.saved', { at })}
            {count > 0 && ` · ${t('drafts.documents', { count })}`}
          </small>
        </span>
      </div>
      <div className="actions">
        <a href={kindPath(found, draft.kind)} aria-label={t('drafts.goOnSays', { kind: name })}>
          {t('drafts.goOn')}
        </a>
        <Form
          form={discardForm}
          action={discardDraftAction}
          shownFor={{ biller: found.biller.code, code: found.code, draft: draft.id }}
          buttons={[{ label: t('discard.submit'), says: t('discard.says', { kind: name }), look: 'link' }]}
        />
      </div>
    </li>
  )
}
