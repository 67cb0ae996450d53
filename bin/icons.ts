// `npm run icons`: pictures of the mark for home screens, from public/icon.svg.
import fs from 'node:fs'
import sharp from 'sharp'

const icon = fs.readFileSync('public/icon.svg', 'utf8')
/** Without its round corners and smaller: phones cut their own shape out, of which the inner four fifths stay. */
const maskable = icon
  .replace(/<rect ([^>]*?) rx="\d+"/, '<rect $1')
  .replace(/(<rect [^>]*\/>)(.*)<\/svg>/s, '$1<g transform="translate(4.8 4.8) scale(.7)">$2</g></svg>')

for (const [name, svg, size] of [
  ['icon-180', maskable, 180],
  ['icon-192', icon, 192],
  ['icon-512', icon, 512],
  ['icon-maskable-512', maskable, 512],
] as const) {
  const { size: bytes } = await sharp(Buffer.from(svg), { density: (72 * size) / 32 })
    .resize(size, size)
    .png({ palette: true, colours: 32, compressionLevel: 9 })
    .toFile(`public/${name}.png`)
  console.log(`public/${name}.png: ${bytes} bytes`)
}
