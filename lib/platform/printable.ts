// Which characters a document can print: those that the typefaces in lib/pdf/fonts draw (decision 0019).
import { compose } from './text.ts'

/** Printed in place of any other; what reads the document's text reads this. */
export const REPLACEMENT = '\ufffd'

/** The characters of both typefaces; tests/unit/printable.test.ts compares. Each is one UTF-16 unit and in NFC. */
const PRINTABLE =
  ' -~\\u00a0-\\u00ac\\u00ae-\\u00b4\\u00b6-\\u0107\\u010a-\\u0113\\u0116-\\u011b\\u011e-\\u0123\\u0126-\\u0127' +
  '\\u012a-\\u012b\\u012e-\\u0133\\u0136-\\u0137\\u0139-\\u013e\\u0141-\\u0148\\u0150-\\u0155\\u0158-\\u015b' +
  '\\u015e-\\u0165\\u016a-\\u016b\\u016e-\\u017e\\u0192\\u0218-\\u021b\\u0384-\\u0386\\u0388-\\u038a\\u038c' +
  '\\u038e-\\u03a1\\u03a3-\\u03ce\\u0400-\\u045f\\u0462-\\u0463\\u0472-\\u0475\\u0490-\\u0491\\u2009\\u2010-\\u2011' +
  '\\u2013-\\u2014\\u2018-\\u201a\\u201c-\\u201e\\u2020-\\u2022\\u2026\\u2030\\u2039-\\u203a\\u20ac\\u2116\\u2122' +
  '\\u2212\\ufffd'
const ALL = new RegExp(`^[${PRINTABLE}]*$`)
const OTHER = new RegExp(`[^${PRINTABLE}]`, 'gu')
/** They choose among the shapes of the character before them, and are nothing to print themselves. */
const VARIATION_SELECTORS = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu
const BLANK = /[\t\n\r\p{Zs}]/u

/** The text as a document prints it, composed (NFC), with a visible one for each character that it cannot print. */
export const toPrintable = (text: string): string =>
  ALL.test(text)
    ? text
    : compose(text, 'NFC')
        .replace(VARIATION_SELECTORS, '')
        .replace(OTHER, character => (BLANK.test(character) ? ' ' : REPLACEMENT))

/** Whether a document prints every character of it. */
export const isPrintable = (text: string): boolean => !toPrintable(text).includes(REPLACEMENT)
