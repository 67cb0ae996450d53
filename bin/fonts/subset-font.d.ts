// The part of subset-font that is used; it brings no types.
declare module 'subset-font' {
  export default function subsetFont(
    file: Buffer,
    characters: string,
    options: { targetFormat: 'woff2' | 'truetype'; keepFeatures: string[] },
  ): Promise<Buffer>
}
