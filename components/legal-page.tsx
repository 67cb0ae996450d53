// Terms, privacy and refund policy: headed paragraphs, and the day they came into force.
import type { ReactNode } from 'react'
import { Day } from '@/components/day.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { TERMS_VERSION } from '@/lib/accounts/schema.ts'
import { getTranslations } from '@/lib/request/locale.ts'

type LegalPageProps = { title: string; sections: { title: string; text: ReactNode }[] }

export async function LegalPage({ title, sections }: LegalPageProps) {
  const t = await getTranslations('legal')
  return (
    <PageShell title={title} lead={t.rich('version', { day: () => <Day on={TERMS_VERSION} /> })}>
      {sections.map(section => (
        <section key={section.title} className="space-y-2">
          <h2>{section.title}</h2>
          <p>{section.text}</p>
        </section>
      ))}
    </PageShell>
  )
}
