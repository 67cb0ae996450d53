// The payment part of an invoice: to cut off, or to hold the phone out with.
import type { PaymentPart } from '@/lib/billing/invoice-content.ts'
import { barcode, type Code, QUIET_ZONE, qrCode, svgPath } from '@/lib/platform/barcodes.ts'
import { Bilingual } from './bilingual.tsx'
import { Figures } from './figures.tsx'

/** CSS pixels of a module on the screen: whole ones, or a scanner cannot tell the bars of an ordinary screen apart. */
const PIXELS = { qr: 5, barcode: 2 }
/** CSS pixels that a phone has across. */
const PHONE = 280

const FIGURES = 'flex flex-wrap gap-x-8 gap-y-3 print:gap-x-4'

const NOT_ON_PHONES = 'hidden sm:block print:block'
const ON_PHONES = 'sm:hidden print:hidden'

export function PaymentSlip({ part }: { part: PaymentPart }) {
  const { bankApp } = part
  return (
    <section aria-labelledby="payment-part" className="slip card">
      <details className="fold">
        <summary>
          <h2 id="payment-part">
            <Bilingual words={part.title} />
          </h2>
        </summary>
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-[1fr_auto] print:grid-cols-[1fr_auto] print:gap-y-2">
          <div className="min-w-0 space-y-4 print:space-y-2">
            {bankApp && <p className={`text-sm text-muted ${NOT_ON_PHONES}`}>{bankApp.hint}</p>}
            <p className={`text-sm text-muted ${bankApp ? ON_PHONES : ''}`}>{part.hint}</p>
            <Figures rows={part.amounts} className={FIGURES} plain="text-xl" />
            <Figures rows={part.references} className={FIGURES} plain="text-lg" />
            {part.transfer.length > 0 && (
              <Figures rows={part.transfer.flat()} className={FIGURES} plain="text-base" />
            )}
          </div>
          {bankApp && (
            <QrCode
              text={bankApp.code}
              label={bankApp.qrAlt}
              className={`${NOT_ON_PHONES} print:row-span-2 print:size-40`}
            />
          )}
          {part.qrAlt && (
            <QrCode
              text={part.code}
              label={part.qrAlt}
              className={bankApp ? ON_PHONES : 'print:row-span-2 print:size-40'}
            />
          )}
          {/* A phone is too narrow for bars that a scanner could tell apart; the square code says the same. */}
          <div className="min-w-0 sm:col-span-2 print:col-span-1">
            <Bars
              code={barcode(part.code)}
              label={part.barcodeAlt}
              quiet={[QUIET_ZONE.barcode, 0]}
              pixels={PIXELS.barcode}
              className={`${NOT_ON_PHONES} h-16 max-w-full print:h-12 print:w-full`}
            />
          </div>
        </div>
      </details>
    </section>
  )
}

/** As large as it may be on a phone. */
export function QrCode({ text, label, className }: { text: string; label: string; className?: string }) {
  const code = qrCode(text)
  const quiet = QUIET_ZONE.qr
  const pixels = Math.min(PIXELS.qr, Math.floor(PHONE / (code.columns + 2 * quiet)))
  return <Bars code={code} label={label} quiet={[quiet, quiet]} pixels={pixels} className={className} />
}

type BarsProps = { code: Code; label: string; quiet: [number, number]; pixels: number; className?: string }

/** Black on white in the dark, too: scanners need it. `quiet`: modules of white beside and above; `pixels`: of a module. */
function Bars({ code, label, quiet: [beside, above], pixels, className }: BarsProps) {
  const [width, height] = [code.columns + 2 * beside, code.rows + 2 * above]
  return (
    <svg
      role="img"
      aria-label={label}
      width={width * pixels}
      height={height * pixels}
      viewBox={`${-beside} ${-above} ${width} ${height}`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      className={className}
    >
      <path d={`M${-beside} ${-above}h${width}v${height}h${-width}z`} fill="#fff" />
      <path d={svgPath(code)} fill="#000" />
    </svg>
  )
}
