// The pages of a tagged PDF: where the next block begins, what is content and what decoration, their heads and feet. Measures are
// points.
import PDFDocument from 'pdfkit'
import { type Locale, languageTag } from '../i18n/locale.ts'
import type { Code } from '../platform/barcodes.ts'
import { packObjects } from './pack.ts'
import { addSignatureField, type SignatureField } from './signature-field.ts'
import { draw, INK, QUIET, type Style, set, widthOf } from './typesetter.ts'

export const PAGE = { width: 595.28, height: 841.89, margin: 44, top: 30 }
/** Above the foot of the page. */
export const BOTTOM = PAGE.height - 40
const HAIRLINE = { width: 0.6, color: '#d3cbba' }

type Structure = PDFKit.PDFStructureElement
type Ending = { across?: string; signature?: SignatureField }
type Attributes = { scope?: 'Row' | 'Column'; alt?: string; bbox?: number[] }

export class Pages {
  /** Where the next block begins, and how wide it may be. */
  x = PAGE.margin
  y = PAGE.top
  width = PAGE.width - 2 * PAGE.margin
  /** Where this page's content begins. */
  private top = PAGE.top
  protected readonly document: PDFKit.PDFDocument
  protected readonly root: Structure
  private readonly written: Uint8Array[]
  private readonly continued: string

  /**
   * An empty first page. `title` is shown by readers in place of the file's name; `continued` heads every page but the
   * first. `madeAt` comes from what the document says, so that the same document is the same file.
   */
  constructor(options: { title: string; author: string; locale: Locale; continued: string; madeAt: Date }) {
    this.continued = options.continued
    this.document = new PDFDocument({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      pdfVersion: '1.7',
      tagged: true,
      displayTitle: true,
      // They are compressed when they are packed, and those that come again only once.
      compress: false,
      lang: languageTag[options.locale],
      info: {
        Title: options.title,
        Author: options.author,
        Creator: 'Drita',
        CreationDate: options.madeAt,
        ModDate: options.madeAt,
      },
      // No default font: it would be loaded and never used.
      font: null as unknown as string,
    })
    // pdfkit writes as a stream, in hundreds of pieces at once: taken as they come, they cost a tenth less time.
    this.written = [this.document.read()]
    this.document.push = piece => piece !== null && this.written.push(piece) > 0
    this.root = this.document.struct('Document')
    this.document.addStructure(this.root)
  }

  space(height: number): void {
    this.y += height
  }

  /** Goes on `height` above the foot of the last page; of a new one where that is taken. */
  atFoot(height: number): void {
    this.makeRoom(height)
    this.y = BOTTOM - height
  }

  /** A line across the present width; decoration only. Strong: above a sum, below a head. Dashed: where to cut. */
  rule(look: 'hair' | 'strong' | 'dashed' = 'hair'): void {
    const { width, color } = look === 'hair' ? HAIRLINE : { width: look === 'strong' ? 1.3 : 0.8, color: INK }
    this.decorate(() => {
      const line = this.document.moveTo(this.x, this.y).lineTo(this.x + this.width, this.y)
      if (look === 'dashed') line.dash(3, { space: 3 })
      line.lineWidth(width).stroke(color)
      if (look === 'dashed') line.undash()
    })
  }

  /** Points between here and the foot of the page. */
  get left(): number {
    return BOTTOM - this.y
  }

  /** Dark bars, `width` × `height` points; the caller leaves white around them. `alt` says what they hold. */
  code(code: Code, alt: string, box: { x: number; y: number; width: number; height: number }): void {
    const [across, down] = [box.width / code.columns, box.height / code.rows]
    this.figure(alt, box, () => {
      this.document.save().translate(box.x, box.y).scale(across, down)
      for (const { x, y, width } of code.bars) this.document.rect(x, y, width, 1)
      this.document.fill('#000000').restore()
    })
  }

  /** Writes the foot of every page, `across` them a large word where given, and closes the document, with room for a signature. */
  finish(
    foot: (page: number, pages: number) => { left: string; right: string },
    { across, signature }: Ending = {},
  ): Buffer {
    const { start, count } = this.document.bufferedPageRange()
    for (let page = start; page < start + count; page++) {
      this.document.switchToPage(page)
      const [x, y] = [PAGE.margin, BOTTOM + 8]
      const { left, right } = foot(page + 1, count)
      const style: Style = { color: QUIET, size: 8 }
      Object.assign(this, { x, y })
      this.rule()
      this.decorate(() => {
        draw(this.document, set({ text: left }, this.width - 90, style), x, y + 6)
        draw(this.document, set({ text: right }, this.width, { ...style, align: 'right' }), x, y + 6)
      })
      if (across) this.decorate(() => this.across(across))
    }
    const unpacked = signature && addSignatureField(this.document, signature)
    this.root.end()
    this.document.end()
    const { _offsets } = this.document as unknown as { _offsets: number[] }
    return packObjects(Buffer.concat(this.written), _offsets, unpacked)
  }

  private across(word: string): void {
    const style: Style = { weight: 'bold', size: 84, color: '#a3201d' }
    const [x, y] = [PAGE.width / 2, PAGE.height / 2]
    const width = widthOf(word, style)
    const block = set({ text: word }, width + 1, style)
    this.document
      .save()
      .rotate(-38, { origin: [x, y] })
      .fillOpacity(0.09)
    draw(this.document, block, x - width / 2, y - block.height / 2)
    this.document.restore()
  }

  /** Starts a page where `height` does not fit this one, unless it is empty still; true if it did. */
  makeRoom(height: number): boolean {
    if (this.y + height <= BOTTOM || this.y <= this.top) return false
    this.document.addPage()
    const { x, width } = this
    Object.assign(this, { x: PAGE.margin, y: PAGE.top, width: PAGE.width - 2 * PAGE.margin })
    const head = set({ text: this.continued }, this.width, { size: 9, color: QUIET })
    this.decorate(() => draw(this.document, head, this.x, this.y))
    this.y += head.height + 4
    this.rule()
    this.top = this.y + 14
    Object.assign(this, { x, width, y: this.top })
    return true
  }

  protected figure(
    alt: string,
    box: { x: number; y: number; width: number; height: number },
    run: () => void,
  ): void {
    const bbox = [box.x, box.y, box.x + box.width, box.y + box.height]
    this.add(this.root, 'Figure', { alt, bbox }, run)
  }

  protected open(parent: Structure, tag: string): Structure {
    const element = this.document.struct(tag)
    parent.add(element)
    return element
  }

  protected add(parent: Structure, tag: string, attributes: Attributes, run: () => void): void {
    parent.add(this.document.struct(tag, attributes as object, run))
  }

  protected decorate(run: () => void): void {
    this.document.markContent('Artifact')
    run()
    this.document.endMarkedContent()
  }
}
