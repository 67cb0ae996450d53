// `npm run fonts`: makes the typeface's files anew.
import fs from 'node:fs'
import { cutFonts } from './fonts/cut-fonts.ts'

for (const [file, bytes] of await cutFonts()) {
  fs.writeFileSync(file, bytes)
  console.log(`${file}: ${bytes.length} bytes`)
}
