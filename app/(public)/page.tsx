// The front door: what Drita is, the two ways in, what one needs for it, and whom to call.
import { redirect } from 'next/navigation'
import { supplyIcon } from '@/components/biller-mark.tsx'
import { ContactLinks } from '@/components/contact-links.tsx'
import { paperBills } from '@/components/paper-bill.tsx'
import { Land } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { listBillers } from '@/lib/billers/queries.ts'
import { getAnyTexts, getTranslations } from '@/lib/request/locale.ts'

export default async function WelcomePage() {
  if (await currentCustomer()) redirect('/contracts')
  const t = await getTranslations('welcome')
  const billers = await listBillers()
  return (
    <>
      <title>{`${t('title')} · Drita`}</title>
      <div className="sky big front">
        <div className="wrap stack">
          <h1>{t('title')}</h1>
          <p className="lead">{t('lead')}</p>
          <p className="actions">
            <ButtonLink href="/register">{t('register')}</ButtonLink>
            <ButtonLink href="/sign-in" look="secondary">
              {t('signIn')}
            </ButtonLink>
            <a href="/pay">{t('payWithout')}</a>
            <a href="/no-power">{(await getTranslations('noPower'))('title')}</a>
            <a href="/estimator">{(await getTranslations('estimator'))('title')}</a>
          </p>
        </div>
        <Land />
      </div>
      <div className="wrap stack">
        <Steps />
        <WhereTheCodeIs billers={billers} />
        <Companies billers={billers} />
      </div>
    </>
  )
}

async function Steps() {
  const t = await getTranslations('welcome')
  return (
    <Card labelledBy="steps" title={t('steps.title')}>
      <ol className="rows md:grid md:grid-cols-3 md:gap-8 md:[&>li]:border-0">
        {(['bill', 'register', 'pay'] as const).map((step, index) => (
          <li key={step}>
            <div className="md:items-start">
              <b className="count">{index + 1}</b>
              <span>
                <b>{t(`steps.${step}.title`)}</b>
                <small>{t(`steps.${step}.text`)}</small>
              </span>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  )
}

type BillersProps = { billers: Awaited<ReturnType<typeof listBillers>> }

async function WhereTheCodeIs({ billers }: BillersProps) {
  const t = await getTranslations('welcome')
  const hints = await getAnyTexts('fields.contractCode.hints')
  const pictures = await paperBills()
  return (
    <Card labelledBy="code" title={t('code')}>
      <div className="half grid items-start gap-6">
        {billers
          .filter(({ code }) => pictures[code])
          .map(({ code, name }) => (
            <figure key={code}>
              {pictures[code]}
              <figcaption>
                <b>{name}.</b> {hints.has(code) && hints(code)}
              </figcaption>
            </figure>
          ))}
      </div>
    </Card>
  )
}

async function Companies({ billers }: BillersProps) {
  const t = await getTranslations('welcome')
  const supplies = await getAnyTexts('welcome.supplies')
  return (
    <Card labelledBy="companies" title={t('companies')}>
      <Rows
        rows={billers.map(({ code, name, phone, email }) => ({
          id: code,
          icon: supplyIcon(code),
          title: name,
          note: supplies.has(code) ? supplies(code) : undefined,
          end: (phone ?? email) && (
            <>
              {phone && (
                <b>
                  <ContactLinks phone={phone} email={null} />
                </b>
              )}
              {email && (
                <small>
                  <ContactLinks phone={null} email={email} />
                </small>
              )}
            </>
          ),
        }))}
      />
      <p className="text-muted">{(await getTranslations('help'))('otherCompanies')}</p>
    </Card>
  )
}
