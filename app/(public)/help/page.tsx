// Help: questions and answers by topic, searched on the server, and whom to ask when they do not help.

import type { ReactNode } from 'react'
import { FormField } from '@/components/form-field.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { listBillerContacts } from '@/lib/billers/queries.ts'
import { readSynonyms, searchTopics } from '@/lib/help/search.ts'
import { type Question, TOPICS, type Topic } from '@/lib/help/topics.ts'
import { cut } from '@/lib/platform/text.ts'
import { readLine } from '@/lib/platform/typed.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { BillerContacts } from '../biller-contacts.tsx'

/** What the tags in an answer become. */
const ANSWER_TAGS = {
  p: (chunks: ReactNode) => <p>{chunks}</p>,
  list: (chunks: ReactNode) => <ul className="list-disc space-y-1 pl-5">{chunks}</ul>,
  item: (chunks: ReactNode) => <li>{chunks}</li>,
  register: linkTo('/register'),
  signIn: linkTo('/sign-in'),
  contracts: linkTo('/contracts'),
  addContract: linkTo('/contracts/add'),
  manage: linkTo('/contracts/manage'),
  unpaid: linkTo('/invoices/unpaid'),
  forgot: linkTo('/forgot-password'),
  account: linkTo('/account'),
  password: linkTo('/account/password'),
  contactData: linkTo('/account/contact'),
  sessions: linkTo('/account/sessions'),
  twoFactor: linkTo('/account/second-step'),
  data: linkTo('/account/data'),
  business: linkTo('/account/business'),
  dispute: linkTo('/register/dispute'),
  privacy: linkTo('/privacy'),
  refunds: linkTo('/refunds'),
  contact: linkTo('#contact'),
}

const MAX_QUERY = 100

export default async function HelpPage({ searchParams }: PageProps<never, 'q'>) {
  const t = await getTranslations('help')
  const { q } = await searchParams
  const query = typeof q === 'string' ? readLine(cut(q, MAX_QUERY)) : ''
  const topics = searchTopics(
    TOPICS,
    query,
    (topic, question) => ({
      heading: `${t(`topics.${topic}`)} ${t(`questions.${question}.question`)}`,
      answer: String(t.raw(`questions.${question}.answer`)).replace(/<[^>]*>/g, ' '),
    }),
    readSynonyms(t('synonyms')),
  )
  return (
    <PageShell title={t('title')} lead={t('lead')}>
      <Search query={query} />
      {query === '' ? <Contents /> : <Found topics={topics} query={query} />}
      {topics.map(topic => (
        <section key={topic.id} aria-labelledby={topic.id} className="space-y-5 pt-4">
          <h2 id={topic.id} className="border-b border-line pb-2">
            {t(`topics.${topic.id}`)}
          </h2>
          {topic.questions.map(question => (
            <Answer key={question} question={question} />
          ))}
          {query === '' && (
            <p className="text-sm print:hidden">
              <a href="#contents">{t('toContents')}</a>
            </p>
          )}
        </section>
      ))}
      <Contact />
    </PageShell>
  )
}

async function Search({ query }: { query: string }) {
  const t = await getTranslations('help')
  return (
    <form method="get" action="/help" className="print:hidden">
      {/* biome-ignore lint/a11y/useSemanticElements: old phones do not know the search element */}
      <div role="search" className="space-y-3">
        <FormField
          name="q"
          type="search"
          label={t('search')}
          hint={t('searchHint')}
          defaultValue={query}
          maxLength={MAX_QUERY}
          autoComplete="off"
        />
        <Button look="secondary">{t('searchButton')}</Button>
      </div>
    </form>
  )
}

/** The topics; where there is room, with their questions. */
async function Contents() {
  const t = await getTranslations('help')
  return (
    <nav aria-labelledby="contents">
      <h2 id="contents">{t('contents')}</h2>
      <ul className="mt-3 space-y-2 sm:columns-2 sm:gap-x-8">
        {TOPICS.map(topic => (
          <li key={topic.id} className="sm:break-inside-avoid">
            <a href={`#${topic.id}`} className="font-bold text-accent underline">
              {t(`topics.${topic.id}`)}
            </a>
            <ul className="mt-1 mb-3 hidden space-y-1.5 text-sm sm:block">
              {topic.questions.map(question => (
                <li key={question}>
                  <a href={`#${question}`}>{t(`questions.${question}.question`)}</a>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  )
}

async function Found({ topics, query }: { topics: Topic[]; query: string }) {
  const t = await getTranslations('help')
  const count = topics.reduce((sum, topic) => sum + topic.questions.length, 0)
  if (count === 0) {
    return (
      <Notice live>
        <p className="font-bold">{t('none', { words: query })}</p>
        <p>{t.rich('noneText', { all: linkTo('/help'), contact: linkTo('#contact') })}</p>
      </Notice>
    )
  }
  return (
    <div className="flex flex-wrap justify-between gap-x-6">
      <p role="status" className="font-bold">
        {t('found', { count, words: query })}
      </p>
      <p className="print:hidden">
        <a href="/help">{t('all')}</a>
      </p>
    </div>
  )
}

async function Answer({ question }: { question: Question }) {
  const t = await getTranslations('help')
  return (
    <article aria-labelledby={question} className="break-inside-avoid space-y-2">
      <h3 id={question} className="target:text-accent">
        {t(`questions.${question}.question`)}
      </h3>
      {t.rich(`questions.${question}.answer`, ANSWER_TAGS)}
    </article>
  )
}

async function Contact() {
  const t = await getTranslations('help')
  const contacts = await listBillerContacts()
  return (
    <Card labelledBy="contact" title={t('contact')}>
      <p className="my-3">{t('contactText')}</p>
      <BillerContacts contacts={contacts} />
    </Card>
  )
}
