// Banks' settlement files: one is loaded, what became of it, and those that were loaded before.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { formatDay, formatInstant, formatNumber } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { recordLook } from '@/lib/payment-desk/looks.ts'
import { paymentsPath, settlementsPath } from '@/lib/payment-desk/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { listStaffAccounts } from '@/lib/settlements/accounts.ts'
import { settlementForm } from '@/lib/settlements/forms.ts'
import {
  getSettlementFile,
  LISTED,
  listSettlementFiles,
  type SettlementFile,
} from '@/lib/settlements/queries.ts'
import { readFileId } from '@/lib/settlements/schema.ts'
import { loadSettlementAction } from './actions.ts'

export default async function SettlementsPage({
  searchParams,
}: PageProps<never, 'file' | 'loaded' | 'tooLarge'>) {
  const staff = await requireStaff()
  const { file: typed, loaded, tooLarge } = await searchParams
  const id = readFileId(typed)
  await recordLook(staff, 'settlements.viewed', id === undefined ? {} : { file: id }, clock.now())
  const files = await listSettlementFiles(staff)
  const t = await getTranslations('settlements')
  const desk = await getTranslations('paymentDesk')
  return (
    <PageShell
      title={t('title')}
      back={{ href: paymentsPath(), label: desk('title') }}
      lead={<p>{t('lead')}</p>}
      wide
    >
      {id !== undefined && <Report staff={staff} id={id} isNew={loaded !== undefined} />}
      {staff.role === 'agent' ? (
        <Notice>{t('supervisor')}</Notice>
      ) : (
        <Load staff={staff} tooLarge={tooLarge !== undefined} />
      )}
      <Card labelledBy="files" title={t('files', { count: LISTED })}>
        {files.length === 0 ? <p>{t('none')}</p> : <FilesTable files={files} />}
      </Card>
    </PageShell>
  )
}

async function Load({ staff, tooLarge }: { staff: { billerIds: number[] }; tooLarge: boolean }) {
  const t = await getTranslations('settlements')
  const accounts = await listStaffAccounts(staff)
  return (
    <Card labelledBy="load" title={t('load.title')}>
      <Form
        form={settlementForm}
        action={loadSettlementAction}
        options={{ account: accounts.map(({ id, code }) => ({ value: String(id), label: code })) }}
        tooLarge={tooLarge}
      />
    </Card>
  )
}

const MOST_SHOWN = 20

/** What became of one: as a whole, and row by row where they were refused. */
async function Report({ staff, id, isNew }: { staff: { billerIds: number[] }; id: number; isNew: boolean }) {
  const file = await getSettlementFile(staff, id)
  if (!file) return null
  const t = await getTranslations('settlements')
  const desk = await getTranslations('paymentDesk')
  const said = t('loaded', { name: file.name, rows: file.rows })
  return (
    <>
      {isNew ? <Done>{said}</Done> : <Notice>{said}</Notice>}
      <Card labelledBy="report" title={t('report')}>
        {file.differences.length === 0 ? (
          <p>{t('noDifferences')}</p>
        ) : (
          <ul>
            {file.differences.map(({ kind, count }) => (
              <li key={kind}>
                <a
                  href={paymentsPath({ part: 'differences' })}
                >{`${desk(`exceptions.${kind}`)}: ${count}`}</a>
              </li>
            ))}
          </ul>
        )}
        {file.refused > 0 && (
          <>
            <p>{t('refused', { count: file.refused })}</p>
            <ul>
              {file.refusedRows.slice(0, MOST_SHOWN).map(({ line, reason, column }) => (
                <li key={line}>{t('refusedRow', { line, reason, column: column ?? 'none' })}</li>
              ))}
            </ul>
            <p className="actions">
              <a className="more" href={`${settlementsPath()}/${file.id}/refused.csv`}>
                <Icon name="down" />
                {t('csv')}
              </a>
            </p>
          </>
        )}
      </Card>
    </>
  )
}

async function FilesTable({ files }: { files: SettlementFile[] }) {
  const t = await getTranslations('settlements')
  const locale = await getLocale()
  return (
    <Table
      caption={t('title')}
      columns={[
        { key: 'name', label: t('columns.name') },
        { key: 'account', label: t('columns.account'), place: 'sub' },
        { key: 'days', label: t('columns.days'), place: 'tablet' },
        { key: 'loaded', label: t('columns.loaded'), place: 'desktop' },
        { key: 'rows', label: t('columns.rows'), amount: true },
        { key: 'open', label: t('columns.open'), amount: true, place: 'status' },
      ]}
      rows={files.map(file => ({
        id: String(file.id),
        cells: {
          name: (
            <a className="inline-block min-w-40 wrap-anywhere" href={settlementsPath(file.id)}>
              {file.name}
            </a>
          ),
          account: <span className="code">{file.account}</span>,
          days: daysWords(file, locale),
          loaded: (
            <>
              {formatInstant(file.loadedAt, locale, file.timeZone)}
              <small className="block">{file.loadedBy ?? t('byCommand')}</small>
            </>
          ),
          rows: formatNumber(file.rows, locale),
          open: file.openDifferences > 0 ? <b>{file.openDifferences}</b> : 0,
        },
      }))}
    />
  )
}

function daysWords({ firstDay, lastDay }: SettlementFile, locale: Locale): string {
  if (!firstDay || !lastDay) return ''
  const [first, last] = [formatDay(firstDay, locale), formatDay(lastDay, locale)]
  return first === last ? first : `${first} – ${last}`
}
