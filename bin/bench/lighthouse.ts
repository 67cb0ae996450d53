// Lighthouse with its phone profile on the core pages, signed in where they ask for it.
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'
import { installTools } from '../tools.mjs'
import { median, printTable } from './figures.ts'
import type { Target } from './page.ts'

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const

/** Opened several times each: the scores are medians. Audits that cost a point of the three that have a goal are named. */
export async function runLighthouse(portal: Target, invoiceId: number, runs: number): Promise<void> {
  installTools(['chromium'])
  const contract = portal.path.replace(/\/pay$/, '')
  const open = ['/', '/sign-in', '/register', '/help']
  const signedIn = [
    '/contracts',
    portal.path,
    `${contract}/history`,
    `${contract}/info`,
    '/invoices/unpaid',
    `/invoices/${invoiceId}`,
    '/account',
  ]
  const table: string[][] = [['', ...CATEGORIES]]
  const lost = new Set<string>()
  for (const path of [...open, ...signedIn]) {
    const scores = CATEGORIES.map((): number[] => [])
    for (let run = 0; run < runs; run++) {
      const chrome = await launch({
        chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        chromeFlags: ['--headless=new', '--no-sandbox', '--disable-background-networking'],
        logLevel: 'silent',
      })
      try {
        const result = await lighthouse(portal.server.url + path, {
          port: chrome.port,
          logLevel: 'error',
          onlyCategories: [...CATEGORIES],
          extraHeaders: signedIn.includes(path) ? { Cookie: portal.cookie! } : {},
        })
        const { categories, audits } = result!.lhr
        CATEGORIES.forEach((name, index) => {
          scores[index]!.push((categories[name]!.score ?? 0) * 100)
          if (name !== 'accessibility' && name !== 'best-practices') return
          for (const { id, weight } of categories[name]!.auditRefs) {
            if (weight > 0 && audits[id]!.score !== null && audits[id]!.score! < 1) lost.add(`${path}: ${id}`)
          }
        })
      } finally {
        chrome.kill()
      }
    }
    table.push([path, ...scores.map(values => median(values).toFixed(0))])
  }
  console.log(`\nLighthouse, phone profile, median of ${runs}`)
  printTable(table)
  for (const audit of lost) console.log(`  ${audit}`)
}
