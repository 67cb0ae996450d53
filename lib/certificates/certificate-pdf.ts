// The PDF of a debt certificate.
import { letterhead } from '../billing/letterhead.ts'
import { translator } from '../i18n/translator.ts'
import { codeWords, type Row, type Words } from '../i18n/words.ts'
import { type Piece, Sheet } from '../pdf/sheet.ts'
import { type Signer, signatureRoom, signPdf } from '../pdf/signature.ts'
import { INK, QUIET } from '../pdf/typesetter.ts'
import { QUIET_ZONE, qrCode } from '../platform/barcodes.ts'
import {
  about,
  amounts,
  checkedAt,
  contractRows,
  details,
  type Say,
  sayOf,
  sentence,
} from './certificate-content.ts'
import { type CertificateContent, groupedCode } from './schema.ts'

const STAMP = { owesNothing: '#1b6440', owes: INK }
const HEADING = { weight: 'bold', size: 11.5 } as const
/** Points: 25 mm across at least, and 0.85 mm a module, so that an old phone reads a bad copy. */
const QR = { least: 70.9, module: 2.4 }
/** The column that codes of contracts stand in. */
const CODE = 0
/** Points: a heading, the heads of columns under it, and a row. */
const TABLE_BEGINS = 100
const BELOW_TABLE = 16

type Foot = Parameters<Sheet['finish']>[0]
type Look = Parameters<Sheet['pairs']>[1]

/**
 * A tagged A4 document in the certificate's language and in Albanian, drawn but not closed: `sheet.finish(foot)` makes the same
 * bytes of the same content each time.
 */
export function drawCertificate(content: CertificateContent): { sheet: Sheet; foot: Foot } {
  const { locale, biller, asOf, number, total } = content
  const t = translator(locale, 'certificate')
  const say = sayOf(content)
  const title = t('paper.file', { number })
  const sheet = new Sheet({
    title,
    author: biller.name,
    locale,
    continued: t('paper.continued', { biller: biller.name, title }),
    madeAt: asOf,
  })
  const debt = total.total > 0 ? 'owes' : 'owesNothing'
  sheet.letterhead(letterhead(biller))
  sheet.title(
    say(t => t('paper.title')),
    { words: say(t => t(`paper.${debt}`)), color: STAMP[debt] },
  )
  sheet.space(10)
  sheet.strip(about(content, say), { size: 10.5 }).draw()
  sheet.space(18)
  sheet.text('P', sentence(content, say), { size: 12 }).draw()
  sheet.space(18)
  section(
    sheet,
    say(t => t('paper.details')),
    details(content, say),
    { labels: 0.36 },
  )
  sheet.space(18)
  section(
    sheet,
    say(t => t('paper.debt')),
    amounts(content, say),
    { amounts: true },
  )
  sheet.space(14)
  sheet
    .text(
      'P',
      say(t => t('paper.valid')),
      { weight: 'bold', size: 10.5 },
    )
    .draw()
  const check = checkPart(sheet, content, say)
  if (content.contracts.length > 1) contractTable(sheet, content, say, check.height)
  check.draw()
  return { sheet, foot: (page, pages) => ({ left: title, right: t('paper.page', { page, pages }) }) }
}

/** The file that is handed out: the same content and signer make the same bytes. */
export function sealedCertificate(content: CertificateContent, signer: Signer): Promise<Buffer> {
  const { sheet, foot } = drawCertificate(content)
  const signature = { room: signatureRoom(signer), at: content.asOf }
  return signPdf(sheet.finish(foot, { signature }), signer)
}

function section(sheet: Sheet, title: Words, rows: Row[], look: Look): void {
  sheet.text('H2', title, HEADING).draw()
  sheet.space(2)
  sheet.pairs(rows, look).draw()
}

/** `below`: points that are kept on its last page. */
function contractTable(sheet: Sheet, content: CertificateContent, say: Say, below: number): void {
  const { title, columns, rows, total } = contractRows(content, say)
  const widths = [21, 31]
  const amount = { width: 48 / (columns.length - widths.length), align: 'right' } as const
  sheet.space(18)
  sheet.makeRoom(TABLE_BEGINS)
  sheet.text('H2', title, HEADING).draw()
  sheet.space(3)
  sheet.table(
    columns.map((title, index) => ({
      title,
      ...(index < widths.length ? { width: widths[index]!, whole: index === CODE } : amount),
    })),
    rows,
    total,
    below + BELOW_TABLE,
  )
  sheet.space(BELOW_TABLE)
}

/** How whoever is shown the certificate checks it: at the foot of the last page. */
function checkPart(sheet: Sheet, content: CertificateContent, say: Say): Piece {
  const { code, verifyUrl } = content
  const { x, width } = sheet
  const qr = qrCode(verifyUrl)
  const size = Math.max(QR.least, qr.columns * QR.module)
  const quiet = (size / qr.columns) * QUIET_ZONE.qr
  sheet.width = width - size - 2 * quiet
  const pieces = [
    sheet.text(
      'H2',
      say(t => t('paper.check')),
      HEADING,
    ),
    sheet.gap(3),
    sheet.text(
      'P',
      say(t => t('paper.checkHow', { address: checkedAt(content) })),
      { size: 9.5 },
    ),
    sheet.gap(4),
    sheet.text('P', codeWords(groupedCode(code)), { weight: 'bold', size: 15 }),
    sheet.gap(4),
    sheet.text(
      'P',
      say(t => t('paper.seal')),
      { size: 8.5, color: QUIET },
    ),
  ]
  const texts = pieces.reduce((height, piece) => height + piece.height, 0)
  const height = Math.max(texts, size) + 2 * quiet
  sheet.width = width
  const drawIt = () => {
    sheet.atFoot(height)
    sheet.rule('strong')
    const top = sheet.y + quiet
    sheet.code(qr, say(t => t('paper.qr', { url: verifyUrl })).text, {
      x: x + width - size,
      y: top,
      width: size,
      height: size,
    })
    Object.assign(sheet, { y: top, width: width - size - 2 * quiet })
    for (const piece of pieces) piece.draw()
    sheet.width = width
  }
  return { height, draw: drawIt }
}
