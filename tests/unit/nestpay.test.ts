// What the portal sends to a bank that speaks NestPay, and what it believes of what that sends.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashVer3, nestpay } from '../../lib/payments/gateways/nestpay.ts'
import { parseAnswer } from '../../lib/payments/gateways/nestpay-api.ts'
import { answerOf, historyRows } from '../../lib/payments/gateways/nestpay-history.ts'
import { log } from '../../lib/platform/log.ts'
import { NESTPAY_SECRETS, nestpayAccount, nestpayOrder } from '../support/nestpay-account.ts'
import { signature } from '../support/simulators/nestpay-hash.ts'

const RUNS = process.env.DEEP ? 20_000 : 1000

const account = nestpayAccount({
  checkoutUrl: 'https://bank.example/fim/est3Dgate',
  apiUrl: 'https://bank.example/fim/api',
})
const { storeKey } = NESTPAY_SECRETS

describe('the signature', () => {
  it.each([
    {
      name: 'of a published request',
      key: '123456',
      fields:
        'clientid=190100000&storetype=3d&amount=100.25&oid=order222&okUrl=https://domain.com/success&failUrl=https://domain.com/fail_url&rnd=12345&hashAlgorithm=ver3&lang=tr&currency=949&islemtipi=Auth&taksit=',
      hash: '4aUsG5hqlIFLc9s8PKc5rWb2OLhmxDDewNgKa2XrwoYCIxlyVq8Fjl4IVaZzoqL983CfTseicmnTA0PjZr74xg==',
    },
    {
      name: 'of values and a key with escapes',
      key: 'SK|1\\2',
      fields:
        'amount=47.30&BillToCompany=A\\B&BillToName=Arta | Krasniqi&callbackUrl=https://portal.example/pay/nestpay/callback&clientid=190100000&currency=978&failUrl=https://portal.example/pay/nestpay/return&hashAlgorithm=ver3&Instalment=&lang=en&oid=KS-2026-000123-1&okUrl=https://portal.example/pay/nestpay/return&refreshtime=5&rnd=5f1c0a9e7b&storetype=3D_PAY_HOSTING&TranType=Auth',
      hash: 'hi7gDoQye4WmLDMr4CvIPqHawSNVaJ++O0TV+i+VNM6QN8aj418VEmxHXOXEzc2Dv0545MqheUMrev220k6ZuQ==',
    },
    {
      name: 'of an answer',
      key: '123456',
      fields:
        'amount=47.30&AuthCode=P12345&callbackCall=true&clientid=190100000&currency=978&ErrMsg=&EXTRA.TRXDATE=20260410 10:11:12&hashAlgorithm=ver3&HostRefNum=610012345678&mdStatus=1&oid=KS-2026-000123-1&ProcReturnCode=00&Response=Approved&ReturnOid=KS-2026-000123-1&rnd=5f1c0a9e7b&storetype=3D_PAY_HOSTING&TransId=26100AbCd12345',
      hash: 'UFy2GOEzRWyM1C1qt9/unmIfCYiHUDcQa+oVPVslrud9BdJ1ItW0yHSZr41HaOZXedO86AqAtlHcPZgOFb84Cg==',
    },
  ])('$name is the known one', ({ key, fields, hash }) => {
    expect(hashVer3(Object.fromEntries(new URLSearchParams(fields)), key)).toBe(hash)
  })

  it('is not over hash, encoding and nationalidno, however they are written, but over what is empty', () => {
    const fields = { oid: 'D1', Instalment: '' }
    const unsigned = { hash: 'x', ENCODING: 'utf-8', NationalIdNo: '1' }
    expect(hashVer3({ ...fields, ...unsigned }, storeKey)).toBe(hashVer3(fields, storeKey))
    expect(hashVer3({ oid: 'D1' }, storeKey)).not.toBe(hashVer3(fields, storeKey))
  })

  it('is that of a bank that follows the description, whatever the fields hold', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.]{0,12}$/)
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[|\\& ë]{0,8}$/))
    const fields = fc
      .uniqueArray(fc.tuple(name, value), { selector: ([one]) => one.toUpperCase(), maxLength: 12 })
      .map(pairs => Object.fromEntries(pairs))
    fc.assert(
      fc.property(fields, value, (one, key) => hashVer3(one, key) === signature(one, key)),
      { numRuns: RUNS },
    )
  })
})

describe('the checkout form', () => {
  it('carries the order and nothing of the customer, signed', async () => {
    const placed = await nestpay.place(account, nestpayOrder())
    if (!placed.ok) throw new Error(placed.code)
    const { method, url, fields } = placed.value.redirect
    expect([method, url]).toEqual(['POST', 'https://bank.example/fim/est3Dgate'])
    const { hash, rnd, ...rest } = fields
    expect(rest).toEqual({
      clientid: '190100000',
      storetype: '3D_PAY_HOSTING',
      hashAlgorithm: 'ver3',
      TranType: 'Auth',
      Instalment: '',
      oid: 'D2600000001',
      amount: '47.30',
      currency: '978',
      lang: 'sq',
      okUrl: nestpayOrder().returnUrl,
      failUrl: nestpayOrder().returnUrl,
      shopurl: nestpayOrder().returnUrl,
      callbackUrl: nestpayOrder().callbackUrl,
      refreshtime: '5',
      encoding: 'utf-8',
    })
    expect(rnd).toMatch(/^[0-9a-f]{32}$/)
    expect(hash).toBe(signature(fields, storeKey))
  })

  it('says where the bank calls back only where the bank takes that', async () => {
    const silent = { ...account, callsBack: false }
    const placed = await nestpay.place(silent, nestpayOrder())
    const { hash, ...fields } = placed.ok ? placed.value.redirect.fields : {}
    expect(Object.keys(fields)).not.toContain('callbackUrl')
    expect(hash).toBe(signature(fields as Record<string, string>, storeKey))
    // Its decline brings none back, and is whole without.
    const { callbackUrl: _, ...declined } = declinedAnswer
    const body = bodyOf(declined)
    expect(nestpay.read(silent, { channel: 'return', body })).toMatchObject({
      trust: 'genuine',
      outcome: 'declined',
    })
    expect(readBody(body)).toMatchObject({ trust: 'hint' })
  })

  it('names amounts and currencies by the bank’s own table, and a language that the bank has', async () => {
    const place = async (other: Parameters<typeof nestpayOrder>[0]) => {
      const placed = await nestpay.place(account, nestpayOrder(other))
      return placed.ok ? placed.value.redirect.fields : undefined
    }
    expect(await place({ amount: 123456, currency: 'ALL' })).toMatchObject({
      amount: '1234.56',
      currency: '008',
    })
    expect(await place({ amount: 5, language: 'sr' })).toMatchObject({ amount: '0.05', lang: 'en' })
    const [one, other] = [await place({}), await place({})]
    expect(one!.rnd).not.toBe(other!.rnd)
  })

  it('sends trimmed values, for banks trim before they verify', async () => {
    const placed = await nestpay.place({ ...account, merchantId: ' 190100000\n' }, nestpayOrder())
    expect(placed).toMatchObject({ value: { redirect: { fields: { clientid: '190100000' } } } })
  })

  it('is none without a page or a key', async () => {
    const refused = { ok: false, code: 'refused' }
    expect(await nestpay.place({ ...account, checkoutUrl: null }, nestpayOrder())).toEqual(refused)
    expect(await nestpay.place({ ...account, secrets: {} }, nestpayOrder())).toEqual(refused)
  })
})

const approved = {
  oid: 'D2600000001',
  ReturnOid: 'D2600000001',
  clientid: '190100000',
  amount: '47.30',
  currency: '978',
  mdStatus: '1',
  mdErrorMsg: 'Y-status/Challenge authentication via ACS: https://acs.example/creq?token=21.abc',
  Response: 'Approved',
  ProcReturnCode: '00',
  AuthCode: 'P12345',
  TransId: '26100AbCd12345',
  HostRefNum: '610012345678',
  ErrMsg: '',
  'EXTRA.TRXDATE': '20260410 10:11:12',
  maskedCreditCard: '4355 08** **** 4358',
  MaskedPan: '435508***4358',
  Email: 'arta@example.com',
  BillToName: 'Arta + Krasniqi',
  md: '435508:EC9C:4333:##1901',
  hashAlgorithm: 'ver3',
  rnd: 'a b+c/d=',
}

/** What our form says, as the bank brings it back. */
const echoed = {
  ...{ clientid: '190100000', storetype: '3D_PAY_HOSTING', hashAlgorithm: 'ver3', TranType: 'Auth' },
  ...{ Instalment: '', oid: 'D2600000001', amount: '47.30', currency: '978', lang: 'sq', refreshtime: '5' },
  ...{
    okUrl: nestpayOrder().returnUrl,
    failUrl: nestpayOrder().returnUrl,
    shopurl: nestpayOrder().returnUrl,
  },
  ...{ callbackUrl: nestpayOrder().callbackUrl, rnd: 'a b+c/d=' },
}
const declinedAnswer = { ...echoed, Response: 'Declined', ProcReturnCode: '51', mdStatus: '1', ErrMsg: 'No' }
const readSigned = (fields: Record<string, string>) => readBody(bodyOf(fields))

/** The form's body, signed by the bank. */
const bodyOf = (fields: Record<string, string>): string =>
  new URLSearchParams({ ...fields, HASH: signature(fields, storeKey) }).toString()

const readBody = (body: string) => nestpay.read(account, { channel: 'return', body })
const read = (other: Record<string, string | undefined> = {}) => {
  const fields = Object.entries({ ...approved, ...other }).filter(([, value]) => value !== undefined)
  return readBody(bodyOf(Object.fromEntries(fields) as Record<string, string>))
}

describe('an answer', () => {
  it.each([
    ['approved', {}],
    ['approved and not authenticated', { mdStatus: '5' }],
    ['approved and of another amount', { amount: '1.00' }],
    ['approved and declined', { Response: 'Declined' }],
  ])('that is %s moves no money: it has the bank asked', (_, other) => {
    for (const fields of [
      { ...approved, ...other },
      { ...echoed, ...approved, ...other },
    ])
      expect(readSigned(fields)).toMatchObject({
        ...{ orderNumber: 'D2600000001', trust: 'hint', outcome: 'processing', captures: [], refunds: [] },
      })
  })

  it.each([
    ['funds are missing', { ProcReturnCode: '51' }, '51'],
    ['the card has expired', { ProcReturnCode: '54', AuthCode: '', TransId: '' }, '54'],
    ['3-D Secure failed', { mdStatus: '0', Response: '', ProcReturnCode: '' }, 'mdStatus 0'],
    [
      'the card’s number is wrong',
      { Response: 'Error', ErrorCode: 'HPP-1001', ProcReturnCode: '' },
      'HPP-1001',
    ],
  ])('is a decline where %s, and everything else of the order comes back', (_, other, declineCode) => {
    const fields = { ...declinedAnswer, ...other, 'EXTRA.HOSTMSG': 'no' }
    expect(readSigned(fields)).toMatchObject({
      ...{ trust: 'genuine', outcome: 'declined', declineCode, captures: [], forUs: true },
      ...{ amount: 4730, currency: 'EUR' },
    })
  })

  it.each([...Object.keys(echoed), 'Response'])(
    'that is declined is believed no more once its %s is renamed',
    name => {
      const renamed = Object.fromEntries(
        Object.entries(declinedAnswer).map(([one, value]) => [one === name ? `${one}0` : one, value]),
      )
      expect(readSigned(renamed)).not.toMatchObject({ trust: 'genuine' })
    },
  )

  it('with names that no bank gives, or of another account, is a hint', () => {
    expect(readSigned({ ...declinedAnswer, TransIa: 'T' })?.trust).toBe('hint')
    expect(readSigned({ ...declinedAnswer, clientid: '990000001' })?.trust).toBe('hint')
    expect(readSigned({ ...declinedAnswer, currency: '008' })?.trust).toBe('hint')
    expect(readSigned({ ...declinedAnswer, ReturnOid: 'D2600000002' })?.trust).toBe('hint')
  })

  it('is not our own form sent back, under whatever names', async () => {
    const placed = await nestpay.place(account, nestpayOrder())
    if (!placed.ok) throw new Error(placed.code)
    const { fields } = placed.value.redirect
    const sentBack = (names: Record<string, string>) =>
      readBody(
        new URLSearchParams(
          Object.entries(fields).map(([name, value]) => [names[name] ?? name, value]),
        ).toString(),
      )
    expect(sentBack({})).toBeUndefined()
    expect(
      nestpay.named({ channel: 'callback', body: new URLSearchParams(fields).toString() }),
    ).toBeUndefined()
    expect(sentBack({ refreshtime: 'ProcReturnCode', okUrl: 'okv' })?.trust).toBe('hint')
    expect(sentBack({ lang: 'mdStatus' })?.trust).toBe('hint')
    expect(sentBack({ refreshtime: 'Response' })?.trust).toBe('hint')
  })

  it('moves no money, whatever names its values are given', () => {
    const names = [...new Set([...Object.keys(echoed), ...Object.keys(approved)]), 'Response', 'TransIa', 'x']
    const genuine = Object.entries({ ...echoed, ...approved })
    const inOrder = genuine.toSorted(([one], [other]) => (one.toUpperCase() < other.toUpperCase() ? -1 : 1))
    const { HASH } = Object.fromEntries(new URLSearchParams(bodyOf(Object.fromEntries(genuine))))
    const renamings = fc
      .uniqueArray(fc.oneof(fc.constantFrom(...names), fc.stringMatching(/^[A-Za-z.]{1,12}$/)), {
        selector: name => name.toUpperCase(),
        minLength: inOrder.length,
        maxLength: inOrder.length,
      })
      .map(chosen => chosen.toSorted((a, b) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1)))
    fc.assert(
      fc.property(renamings, chosen => {
        const renamed = chosen.map((name, index) => [name, inOrder[index]![1]])
        const answer = readBody(new URLSearchParams([...renamed, ['HASH', HASH!]]).toString())
        expect(answer?.captures ?? []).toEqual([])
        expect(['hint', 'genuine', 'forged', undefined]).toContain(answer?.trust)
        if (answer?.trust === 'genuine') expect(answer.outcome).toBe('declined')
      }),
      { numRuns: RUNS / 5 },
    )
  })

  it('that our own form is signed wrongly is an alarm, and no decline', () => {
    const lines: unknown[][] = []
    const { error } = log
    log.error = (...line: unknown[]) => void lines.push(line)
    try {
      const refused = read({
        mdStatus: undefined,
        Response: 'Error',
        ErrorCode: '3D-1004',
        ProcReturnCode: '99',
      })
      expect(refused).toMatchObject({ outcome: 'processing', declineCode: undefined, captures: [] })
      expect(lines).toEqual([
        [{ account: 'kesco-teb', trust: 'hint' }, expect.stringMatching(/^ALARM: .*signed wrongly/)],
      ])
      nestpay.reread(account, refused!.payload)
      expect(lines).toHaveLength(1)
    } finally {
      log.error = error
    }
  })

  it.each([...Object.keys(approved), 'new'])('is forged with another %s', name => {
    const fields = new URLSearchParams(bodyOf(approved))
    fields.set(name, `${fields.get(name) ?? ''}1`)
    expect(readBody(fields.toString())?.trust).toBe('forged')
    expect(readBody(fields.toString())?.dedupKey).not.toBe(read()?.dedupKey)
  })

  it('is forged without its signature, with one of another key, and where it came twice', () => {
    expect(readBody(new URLSearchParams(approved).toString())?.trust).toBe('forged')
    const other = { ...account, secrets: { ...account.secrets, storeKey: 'another' } }
    expect(nestpay.read(other, { channel: 'return', body: bodyOf(approved) })?.trust).toBe('forged')
    const none = { ...account, secrets: {} }
    const unkeyed = new URLSearchParams({ ...approved, HASH: hashVer3(approved, '') })
    expect(nestpay.read(none, { channel: 'return', body: unkeyed.toString() })?.trust).toBe('forged')
    expect(readBody(`${bodyOf(approved)}&hash=x`)?.trust).toBe('forged')
  })

  it('is forged where a field came twice, even with the same value', () => {
    expect(readBody(`${bodyOf(approved)}&amount=47.30`)?.trust).toBe('forged')
    expect(readBody(`amount=1.00&${bodyOf(approved)}`)?.trust).toBe('forged')
  })

  it('says nothing of how it is signed: neither named fields nor another kind of hash count', () => {
    const fields = {
      ...approved,
      hashAlgorithm: 'ver2',
      HASHPARAMS: 'clientid:oid:Response:',
      HASHPARAMSVAL: '190100000D2600000001Approved',
    }
    const { createHash } = process.getBuiltinModule('node:crypto')
    const old = createHash('sha512').update(`190100000D2600000001Approved${storeKey}`).digest('base64')
    expect(readBody(new URLSearchParams({ ...fields, HASH: old }).toString())?.trust).toBe('forged')
    expect(readBody(bodyOf(fields))?.trust).toBe('hint')
  })

  it('is decoded once, whatever its values hold', () => {
    for (const BillToName of ['a+b', '%2B', '%252B', 'ë|\\&=', ' padded ', '']) {
      expect(read({ BillToName })?.trust).toBe('hint')
    }
  })

  it('may be signed without a newline at its values’ ends', () => {
    const signed = new URLSearchParams({
      ...approved,
      ErrMsg: 'no\n',
      HASH: signature({ ...approved, ErrMsg: 'no' }, storeKey),
    })
    expect(readBody(signed.toString())?.trust).toBe('hint')
    expect(read({ ErrMsg: 'no\n' })?.trust).toBe('hint')
  })

  it('of another merchant, amount or currency says so', () => {
    expect(read({ clientid: '990000001' })).toMatchObject({ forUs: false })
    expect(read({ amount: '1.00' })).toMatchObject({ amount: 100 })
    expect(read({ amount: '47,30' })).toMatchObject({ amount: undefined })
    expect(read({ currency: '949' })).toMatchObject({ currency: '949' })
    expect(read({ currency: '008' })).toMatchObject({ currency: 'ALL' })
  })

  it('names exactly one order', () => {
    const named = (body: string) => nestpay.named({ channel: 'callback', body })
    expect(named(bodyOf(approved))).toEqual({ orderNumber: 'D2600000001', merchantId: '190100000' })
    expect(named(bodyOf({ ...approved, oid: 'D2600000001-2' }))?.orderNumber).toBe('D2600000001-2')
    for (const body of ['', 'payment=1', '{"oid":"D1"}', 'a'.repeat(100), '%', '=&=']) {
      expect(named(body)).toBeUndefined()
      expect(readBody(body)).toBeUndefined()
    }
  })

  it('is kept without anything of the card, the customer, or a token', () => {
    const { payload } = read()!
    const text = JSON.stringify(payload)
    for (const secret of ['4355', 'arta@', 'Arta', 'token', 'https:', '##1901'])
      expect(text).not.toContain(secret)
    expect(payload).toMatchObject({ oid: 'D2600000001', TransId: '26100AbCd12345', mdStatus: '1' })
  })

  it('says the same once more from what is kept of it, the forged one too', () => {
    for (const fields of [approved, declinedAnswer]) {
      const { dedupKey: _, ...told } = readSigned(fields)!
      expect(nestpay.reread(account, told.payload)).toMatchObject(told)
    }
    const forged = readBody(`${new URLSearchParams(approved)}&trust=genuine`)!
    expect(nestpay.reread(account, forged.payload)?.trust).toBe('forged')
  })

  it('with the same content has the same key, in whatever order it comes and whatever is added that is not signed', () => {
    expect(readBody(`${bodyOf(approved)}&nationalidno=1&encoding=x`)).toMatchObject({
      ...{ trust: 'hint', dedupKey: read()?.dedupKey },
    })
    const pairs = [...new URLSearchParams(bodyOf(approved))]
    const reversed = new URLSearchParams(pairs.toReversed())
    expect(readBody(reversed.toString())?.dedupKey).toBe(read()?.dedupKey)
    expect(read({ TransId: 'other' })?.dedupKey).not.toBe(read()?.dedupKey)
  })
})

/** As recorded of a bank. */
const sale =
  'S\tC\t4730\t4730\t2026-04-10 10:11:12.773\t2026-04-10 10:11:13.100\t\t610012345678\tP77974\t00\tT1'
const settled = sale.replace('\tC\t', '\tS\t')
const second = sale.replace(/T1$/, 'T2')
const declined = 'S\tD\t4730\t4730\t2026-04-10 10:10:00.000\t\t\t\t\t51\tT0'
const authorised = 'S\tA\t4730\t\t2026-04-10 10:11:12.773\t\t\t610012345678\tP77974\t00\tT1'
const voided =
  'S\tV\t4730\t4730\t2026-04-10 10:11:12.773\t2026-04-10 10:11:13.100\t2026-04-10 12:00:00.000\t610012345678\tP77974\t00\tT1'
const refunded =
  'C\tC\t1000\t1000\t2026-04-11 09:00:00.000\t2026-04-11 09:00:00.000\t\t610099999999\tP1\t00\tT9'
const refundRefused = 'C\tD\t1000\t1000\t2026-04-11 08:00:00.000\t2026-04-11 08:00:00.000\t\t\t\t99\tT8'

const history = (...lines: string[]) => {
  const extra = Object.fromEntries(lines.map((line, index) => [`TRX${index + 1}`, line]))
  const rows = historyRows({ fields: {}, extra: { ...extra, TRXCOUNT: String(lines.length) } })
  return rows && answerOf('D2600000001', rows)
}

describe('a history', () => {
  it.each([
    ['captured', [sale]],
    ['captured', [settled]],
    ['captured', [declined, sale]],
    ['captured', [sale, declined, declined]],
    ['captured', [refunded, settled]],
    ['authorised', [authorised]],
    ['authorised', [declined, authorised]],
    ['declined', [declined]],
    ['declined', [declined.replace('\tD\t', '\tERR\t')]],
    ['voided', [voided]],
    ['voided', [voided.replace('\tV\t', '\tCNCL\t')]],
    ['processing', [authorised.replace('\tA\t', '\tPN\t')]],
    ['processing', [sale.replace('\tC\t', '\tR\t')]],
    ['processing', [declined, sale.replace('\tC\t', '\tR\t')]],
    ['processing', [sale.replace('\tC\t', '\tNEW\t')]],
  ])('that comes to %s: %j', (outcome, lines) => {
    expect(history(...lines)).toMatchObject({ outcome, trust: 'genuine', forUs: true, amount: 4730 })
  })

  it('names every capture, oldest first, and every refund that went through', () => {
    expect(history(refunded, refundRefused, second, declined, settled)).toMatchObject({
      captures: [
        { id: 'T1', amount: 4730, at: '2026-04-10T10:11:13.100', references: { hostRef: '610012345678' } },
        { id: 'T2', amount: 4730 },
      ],
      refunds: [{ id: 'T9', amount: 1000, at: '2026-04-11T09:00:00.000' }],
    })
  })

  it('names a void of a captured sale as money given back, under the sale’s number', () => {
    expect(history(refundRefused, voided)).toMatchObject({
      captures: [],
      refunds: [{ id: 'T1', amount: 4730, at: '2026-04-10T12:00:00.000' }],
    })
    expect(history(authorised.replace('\tA\t', '\tV\t'))).toMatchObject({ captures: [], refunds: [] })
  })

  it('tells why the newest card was declined', () => {
    expect(history(declined.replace('\t51\t', '\t54\t'), declined)?.declineCode).toBe('54')
  })

  it('that cannot be read whole is none', () => {
    expect(history('S\tC\t4730')).toBeUndefined()
    expect(history(refunded)).toBeUndefined()
    expect(historyRows({ fields: {}, extra: { TRX1: sale, TRXCOUNT: '2' } })).toBeUndefined()
  })

  it('says the same once more from what is kept of it', () => {
    const answer = history(refunded, settled)!
    expect(nestpay.reread(account, answer.payload)).toEqual(answer)
  })
})

describe('an answer in XML', () => {
  it('is text, without the spaces between, and knows the five entities of XML', () => {
    expect(
      parseAnswer(
        '<?xml version="1.0" encoding="ISO-8859-9"?>\n<CC5Response>\n <OrderId>0012</OrderId><TransId></TransId>\n <ErrMsg>a &amp;lt; &lt;b&gt;</ErrMsg><Extra>\n<NUMCODE>00</NUMCODE></Extra></CC5Response>\n',
      ),
    ).toMatchObject({ fields: { OrderId: '0012', ErrMsg: 'a &lt; <b>' }, extra: { NUMCODE: '00' } })
    expect(parseAnswer('<CC5Response><TransId/></CC5Response>')?.fields.TransId).toBeUndefined()
    expect(parseAnswer('<CC5Response><A>1</A><A>2</A></CC5Response>')?.fields.A).toBeUndefined()
  })

  it('declares nothing of its own', () => {
    const entities =
      '<!DOCTYPE a [<!ENTITY x "Approved">]><CC5Response><Response>&x;</Response></CC5Response>'
    expect(parseAnswer(entities)).toBeUndefined()
    expect(parseAnswer('<html><body>maintenance</body></html>')).toBeUndefined()
    expect(parseAnswer('<CC5Response>done</CC5Response>')).toBeUndefined()
  })
})
