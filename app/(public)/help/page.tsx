// Help: questions and answers by topic, searched on the server, and whom to ask when they do not help.

import type { ReactNode } from 'react'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { listBillerContacts } from '@/lib/billers/queries.ts'
import { readSynonyms, searchTopics } from '@/lib/help/search.ts'
import { type Question, TOPICS, type Topic, type TopicId } from '@/lib/help/topics.ts'
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
  requests: linkTo('/requests'),
  addContract: linkTo('/contracts/add'),
  payWithout: linkTo('/pay'),
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
  verify: linkTo('/verify'),
  noPower: linkTo('/no-power'),
  estimator: linkTo('/estimator'),
  contact: linkTo('#contact'),
}

const MAX_QUERY = 100

const ICON: Record<TopicId, IconName> = {
  registering: 'plus',
  codes: 'phone',
  'signing-in': 'access',
  contracts: 'doc',
  invoices: 'usage',
  paying: 'pay',
  meter: 'meter',
  'your-data': 'person',
  complaints: 'request',
}

export default async function HelpPage({ searchParams }: PageProps<never, 'q' | 'open'>) {
  const t = await getTranslations('help')
  const { q, open } = await searchParams
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
  const half = Math.max(1, Math.floor(topics.length / 2))
  return (
    <PageShell title={t('heading')} wide>
      <Search query={query} />
      {query === '' ? <Contents /> : <Found topics={topics} query={query} />}
      <div className="columns two-columns">
        {[topics.slice(0, half), topics.slice(half)].map(column => (
          <div key={column[0]?.id}>
            {column.map(topic => (
              <Card key={topic.id} labelledBy={topic.id} title={t(`topics.${topic.id}`)}>
                <div className="answers">
                  {topic.questions.map(question => (
                    <Answer key={question} question={question} open={query !== '' || question === open} />
                  ))}
                </div>
              </Card>
            ))}
          </div>
        ))}
      </div>
      <Contact />
    </PageShell>
  )
}

async function Search({ query }: { query: string }) {
  const t = await getTranslations('help')
  return (
    <form method="get" action="/help" className="print:hidden">
      {/* biome-ignore lint/a11y/useSemanticElements: old phones do not know the search element */}
      <div role="search" className="find">
        <label htmlFor="q" className="sr-only">
          {t('search')}
        </label>
        <input
          id="q"
          name="q"
          type="search"
          className="input"
          defaultValue={query}
          placeholder={t('searchHint')}
          maxLength={MAX_QUERY}
          autoComplete="off"
          autoCapitalize="none"
        />
        <Button look="secondary" icon="search">
          {t('searchButton')}
        </Button>
      </div>
    </form>
  )
}

/** The topics; where there is room, they themselves stand there. */
async function Contents() {
  const t = await getTranslations('help')
  return (
    <nav aria-labelledby="contents" className="md:hidden">
      <h2 id="contents" className="sr-only">
        {t('contents')}
      </h2>
      <ul className="topics">
        {TOPICS.map(({ id }) => (
          <li key={id}>
            <a href={`#${id}`}>
              <Icon name={ICON[id]} />
              {t(`topics.${id}`)}
            </a>
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
    <div className="flex flex-wrap items-center justify-between gap-x-6">
      <p role="status" className="font-bold">
        {t('found', { count, words: query })}
      </p>
      <a href="/help" className="more">
        {t('all')}
      </a>
    </div>
  )
}

async function Answer({ question, open }: { question: Question; open: boolean }) {
  const t = await getTranslations('help')
  return (
    <article aria-labelledby={`${question}-title`} id={question}>
      <details open={open}>
        <summary>
          <h3 id={`${question}-title`}>{t(`questions.${question}.question`)}</h3>
          <Icon name="next" />
        </summary>
        <div className="stack">{t.rich(`questions.${question}.answer`, ANSWER_TAGS)}</div>
      </details>
    </article>
  )
}

async function Contact() {
  const t = await getTranslations('help')
  const contacts = await listBillerContacts()
  return (
    <Card labelledBy="contact" title={t('contact')}>
      <p>{t('contactText')}</p>
      <BillerContacts contacts={contacts} />
    </Card>
  )
}
