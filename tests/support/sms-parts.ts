// How many SMS a text is.
/** GSM 03.38: what fits in seven bits. The characters of its extension take two places. */
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/

/** How many SMS a text is sent as. */
export function partsOf(text: string): number {
  const plain = GSM.test(text)
  const length = plain ? text.length + [...text.matchAll(/[\^{}\\[~\]|€]/g)].length : text.length
  const [alone, together] = plain ? [160, 153] : [70, 67]
  return length <= alone ? 1 : Math.ceil(length / together)
}
