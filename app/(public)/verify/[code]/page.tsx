// What became of a certificate, for whoever was given it: the QR code on it leads here. It names nobody, and says what it certifies,
// for a forged paper may bear a true code.

import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Sky, Sun } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { type CheckedCertificate, checkCode, fileCheckedAt } from '@/lib/certificates/checking.ts'
import { readCertificateCode } from '@/lib/certificates/rules.ts'
import { checkedPath, groupedCode } from '@/lib/certificates/schema.ts'
import { formatDayInSentence } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { env } from '@/lib/platform/env.ts'
import { ownBrowser, requestDevice } from '@/lib/request/device.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { setStatus } from '@/lib/request/status.ts'
import { WhatItSays } from './what-it-says.tsx'

export default async function CheckedCertificatePage({ params, searchParams }: PageProps<'code', 'file'>) {
  // As the framework hands it over; what cannot be read has not come here (lib/http/address.ts).
  const code = readCertificateCode(decodeURIComponent((await params).code))
  if (!code) return <Unknown />
  const found = await checkCode(code, (await requestDevice()).address)
  if (found.ok) {
    const now = clock.now()
    return (
      <Checked
        of={found.value}
        file={fileCheckedAt((await searchParams).file, code, await ownBrowser(), now)}
        now={now}
      />
    )
  }
  return 'seconds' in found ? <TooMany seconds={found.seconds} /> : <Unknown code={code} />
}

/** `file`: when its file was checked; undefined where its code alone was. */
async function Checked({ of, file, now }: { of: CheckedCertificate; file?: Date; now: Date }) {
  const t = await getTranslations('checkedCertificate')
  const locale = await getLocale()
  const { biller, validity } = of
  const isValid = validity === 'valid'
  const day = (at: Date | null) => at && formatDayInSentence(dayIn(biller.timeZone, at), locale)
  const about = { biller: biller.name, day: day(of.revokedAt ?? of.supersededAt) ?? '' }
  // A genuine code may stand on a forged paper.
  const title = t(isValid && !file ? 'valid.codeTitle' : `${validity}.title`)
  return (
    <PageShell
      title={title}
      sky={
        <Sky dawn={isValid} big>
          {validity !== 'revoked' && <Sun look={isValid ? 'up' : 'half'} />}
          <h1>{title}</h1>
          <p>{[t(file ? 'issuedFile' : 'issuedCode', about), t(`${validity}.text`, about)].join(' ')}</p>
        </Sky>
      }
    >
      {!file && validity !== 'revoked' && (
        <Notice tone="wait" icon="alert">
          {t.rich('compare', { verify: linkTo('/verify') })}
        </Notice>
      )}
      <Card>
        <WhatItSays of={of} file={file} now={now} />
        <p className="actions">
          <ButtonLink href="/verify" look="secondary">
            {t('another')}
          </ButtonLink>
        </p>
      </Card>
      <p className="text-muted text-sm">
        {t('initials')} {t('seal')} <span className="print:hidden">{t('print')}</span>
      </p>
      <p className="hidden print:block">
        {t('address', { address: `${env().APP_URL}${checkedPath(of.code)}` })}
      </p>
    </PageShell>
  )
}

async function Unknown({ code }: { code?: string }) {
  setStatus(404)
  const t = await getTranslations('certificateCheck')
  return (
    <PageShell title={t('unknown.title')} lead={code && <p className="code">{groupedCode(code)}</p>}>
      <p>{code ? t('unknown.text') : (await getTranslations('errors'))('certificateCodeForm')}</p>
      <ButtonLink href="/verify">{t('again')}</ButtonLink>
    </PageShell>
  )
}

async function TooMany({ seconds }: { seconds: number }) {
  setStatus(429, seconds)
  const t = await getTranslations('certificateCheck')
  const wait = { minutes: Math.ceil(seconds / 60), hours: Math.ceil(seconds / 3600) }
  return (
    <PageShell title={t('tooMany')} lead={(await getTranslations('errors'))('wait', wait)}>
      <ButtonLink href="/help" look="secondary">
        {(await getTranslations('help'))('title')}
      </ButtonLink>
    </PageShell>
  )
}
