// PDFs as poppler reads them.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'

type Tool = 'pdftotext' | 'pdfinfo' | 'pdffonts'

/** Runs one of poppler's tools on a document and returns what it prints. */
export function readPdf(tool: Tool, pdf: Buffer, ...options: string[]): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-pdf-'))
  try {
    const file = path.join(folder, 'document.pdf')
    fs.writeFileSync(file, pdf)
    return execFileSync(tool, [...options, file, ...(tool === 'pdftotext' ? ['-'] : [])], {
      encoding: 'utf8',
    })
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const spaced = (text: string): string => text.replace(/\s+/g, ' ')

/** Its text as it stands on paper, lines that stand beside each other as one. */
export const textOf = (pdf: Buffer): string => spaced(readPdf('pdftotext', pdf, '-layout'))

/** Its text in the order it was written in, a text of several lines as one. */
export const readText = (pdf: Buffer): string => spaced(readPdf('pdftotext', pdf, '-raw'))

/** Without blanks, for texts whose words may be cut. */
export const compact = (text: string): string => text.replace(/\s/g, '')

export const pagesOf = (pdf: Buffer): number => Number(/Pages:\s+(\d+)/.exec(readPdf('pdfinfo', pdf))![1])

type Box = { word: string; left: number; right: number; top: number; bottom: number }

/** No word stands outside the margins, and none on another. */
export function expectLaidOut(pdf: Buffer): void {
  const [, ...pages] = readPdf('pdftotext', pdf, '-bbox').split('<page ')
  for (const page of pages) {
    const words = [...page.matchAll(/xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</g)].map(
      ([, left, top, right, bottom, word]): Box => {
        // A letter's box is as high as its font's highest and lowest: lines that are well apart overlap by those.
        const [above, below] = [Number(top), Number(bottom)]
        const inset = (below - above) / 4
        return {
          word: word!,
          left: Number(left),
          right: Number(right),
          top: above + inset,
          bottom: below - inset,
        }
      },
    )
    for (const box of words)
      if (box.left < 43 || box.right > 553 || box.top < 25 || box.bottom > 830)
        expect.fail(`outside the margins: ${JSON.stringify(box)}`)
    words.sort((a, b) => a.top - b.top)
    words.forEach((box, index) => {
      for (let next = index + 1; next < words.length && words[next]!.top < box.bottom; next++) {
        const other = words[next]!
        if (other.left < box.right - 0.5 && other.right > box.left + 0.5)
          expect.fail(`on each other: ${JSON.stringify([box, other])}`)
      }
    })
  }
}
