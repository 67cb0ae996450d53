// What a certificate says, on the screen as in its file, in the language of the certificate.
import { Bilingual } from '@/components/bilingual.tsx'
import { DocumentRows } from '@/components/document-rows.tsx'
import { DocumentTable } from '@/components/document-table.tsx'
import { Letterhead } from '@/components/letterhead.tsx'
import { QrCode } from '@/components/payment-slip.tsx'
import { letterhead } from '@/lib/billing/letterhead.ts'
import {
  about,
  amounts,
  checkedAt,
  contractRows,
  details,
  sayOf,
  sentence,
} from '@/lib/certificates/certificate-content.ts'
import { type CertificateContent, groupedCode } from '@/lib/certificates/schema.ts'
import { languageTag } from '@/lib/i18n/locale.ts'

export function Paper({ content }: { content: CertificateContent }) {
  const say = sayOf(content)
  const { contracts, locale, number, biller, code, verifyUrl } = content
  const rows = contractRows(content, say)
  return (
    <article className="paper stack" aria-label={number} lang={languageTag[locale]}>
      <Letterhead letterhead={letterhead(biller)} />
      <h2>
        <Bilingual words={say(t => t('paper.title'))} />
      </h2>
      <DocumentRows rows={about(content, say)} />
      <p className="lead">
        <Bilingual words={sentence(content, say)} />
      </p>
      <DocumentRows rows={details(content, say)} />
      {contracts.length > 1 && (
        <DocumentTable
          {...rows}
          words={2}
          footer={Object.fromEntries(
            rows.total.map((words, index) => [index, <Bilingual key="" words={words} />]),
          )}
        />
      )}
      <DocumentRows rows={amounts(content, say)} />
      <p>
        <b>
          <Bilingual words={say(t => t('paper.valid'))} />
        </b>
      </p>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <p>
          <Bilingual words={say(t => t('paper.checkHow', { address: checkedAt(content) }))} />
          <br />
          <b className="code text-xl">{groupedCode(code)}</b>
        </p>
        <QrCode
          text={verifyUrl}
          label={say(t => t('paper.qr', { url: verifyUrl })).text}
          className="print:size-30"
        />
      </div>
      <p className="text-sm text-muted">
        <Bilingual words={say(t => t('paper.seal'))} />
      </p>
    </article>
  )
}
