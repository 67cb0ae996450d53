// Where there are many contracts: a field to find some of them, and the ways to the other pages of a list.

import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { cut } from '@/lib/platform/text.ts'
import { readLine } from '@/lib/platform/typed.ts'
import { Button } from './ui/button.tsx'

const LONGEST = 60

/** What an address says is looked for. */
export const searchOf = (asked: unknown): string =>
  readLine(cut(typeof asked === 'string' ? asked : '', LONGEST))

type SearchProps = {
  /** Of the page that shows what is found; `kept`: what its address says besides. */
  action: string
  kept?: Record<string, string | undefined>
  search?: string
  locale: Locale
}

export function ContractSearch({ action, kept = {}, search, locale }: SearchProps) {
  const t = translator(locale, 'home')
  return (
    <form action={action} method="get">
      {Object.entries(kept).map(
        ([name, value]) =>
          value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: old phones do not know the search element */}
      <div role="search" className="field">
        <label htmlFor="search">{t('find')}</label>
        <div className="find">
          <input
            id="search"
            name="search"
            className="input"
            defaultValue={search}
            maxLength={LONGEST}
            autoComplete="off"
          />
          <Button look="secondary" icon="search">
            {t('search')}
          </Button>
        </div>
      </div>
    </form>
  )
}

type PagesProps = {
  action: string
  /** What the address says besides the page. */
  kept?: Record<string, string | undefined>
  page: number
  pages: number
  locale: Locale
}

export function Pages({ action, kept = {}, page, pages, locale }: PagesProps) {
  if (pages === 1) return null
  const t = translator(locale, 'words')
  const hrefOf = (to: number) => {
    const said = Object.entries({ ...kept, page: to > 1 ? String(to) : undefined })
    const query = new URLSearchParams(
      said.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
    )
    return query.size > 0 ? `${action}?${query}` : action
  }
  return (
    <nav className="actions" aria-label={t('pages')}>
      {page > 1 && <a href={hrefOf(page - 1)}>{t('previousPage')}</a>}
      <span>{t('page', { page, pages })}</span>
      {page < pages && <a href={hrefOf(page + 1)}>{t('nextPage')}</a>}
    </nav>
  )
}
