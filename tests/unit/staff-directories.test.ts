// What the setting of companies' directories may say, and what claims give by it.
import { expect, it } from 'vitest'
import { grantOf, namesOf, passedSecondStep } from '../../lib/directories/rules.ts'
import { parseEnv } from '../../lib/platform/env.ts'
import { directorySetting } from '../support/directory-setting.ts'

const given = {
  APP_URL: 'https://portal.example',
  AUTH_SECRET: 'a'.repeat(32),
  SMTP_URL: 'smtps://mail.example',
  MAIL_FROM: 'a@b.example',
  INFOBIP_BASE_URL: 'https://sms.example',
  INFOBIP_API_KEY: 'k',
  SMS_SENDER: 'Drita',
}
const entra = 'https://login.example/tenant/v2.0'
const parse = (directories: unknown, more: Record<string, string> = {}) =>
  parseEnv({ ...given, ...more, STAFF_DIRECTORIES: JSON.stringify(directories) }).STAFF_DIRECTORIES
const oshee = (changed: Record<string, unknown> = {}) => ({ oshee: directorySetting(entra, changed) })

it('reads directories, and says in a sentence what is wrong with one', () => {
  expect(parseEnv(given).STAFF_DIRECTORIES).toEqual([])
  const { scopes: _, ...short } = directorySetting(entra)
  expect(parse({ oshee: short })).toMatchObject([{ code: 'oshee', scopes: 'openid profile' }])
  for (const [directories, says] of [
    [oshee({ issuer: 'http://login.example' }), /oshee\.issuer: is not an https:\/\/ address/],
    [oshee({ issuer: 'http://localhost:9000' }), /oshee\.issuer: is not an https:\/\/ address/],
    [oshee({ scopes: 'profile' }), /oshee\.scopes: does not begin with openid/],
    [oshee({ billers: [] }), /oshee\.billers/],
    [oshee({ billers: ['nobody'] }), /oshee\.billers/],
    [oshee({ role: { claim: 'roles', values: {} } }), /oshee\.role\.values: names no value/],
    [oshee({ role: { claim: 'roles', values: { x: 'owner' } } }), /oshee\.role\.values\.x/],
    [oshee({ surplus: 1 }), /STAFF_DIRECTORIES is wrong at oshee/],
    [{ 'A b': directorySetting(entra) }, /STAFF_DIRECTORIES is wrong at A b/],
    [{ ...oshee(), ukt: directorySetting(entra) }, /ukt\.issuer: is that of oshee too/],
    ['x', /STAFF_DIRECTORIES is wrong at its beginning/],
  ] as const) {
    expect(() => parse(directories), JSON.stringify(directories)).toThrow(says)
  }
  expect(parse(oshee({ issuer: 'http://localhost:9000' }), { DEMO: 'on' })).toHaveLength(1)
  expect(() => parse(oshee({ issuer: 'http://elsewhere:9000' }), { DEMO: 'on' })).toThrow(/https/)
})

it('gives the highest role that the setting knows, for its billers alone', () => {
  const [directory] = parse(oshee())
  const granted = (claims: Record<string, unknown>) => grantOf(directory!, claims)
  const agent = { role: 'agent', billers: ['oshee'] }
  expect(granted({ roles: 'Drita.Agent' })).toEqual(agent)
  expect(granted({ roles: ['Drita.Agent', 'x', 7, null] })).toEqual(agent)
  expect(granted({ roles: ['Drita.Agent', 'Drita.Supervisor'] })).toMatchObject({ role: 'supervisor' })
  for (const roles of [
    undefined,
    null,
    {},
    [],
    ['administrator'],
    'constructor',
    ['drita.agent'],
    { 0: 'Drita.Agent' },
  ]) {
    expect(granted({ roles }), String(roles)).toBeUndefined()
  }
  const [ofClaim] = parse(oshee({ billers: { claim: 'companies', values: { O: 'oshee', U: 'ukt' } } }))
  const roles = 'Drita.Agent'
  expect(grantOf(ofClaim!, { roles, companies: ['U', 'O', 'U', 'kesco'] })).toMatchObject({
    billers: ['oshee', 'ukt'],
  })
  for (const companies of [undefined, 'kesco', ['oshee'], 'toString']) {
    expect(grantOf(ofClaim!, { roles, companies })).toBeUndefined()
  }
  const [strict] = parse(oshee({ secondStep: { claim: 'amr', values: ['mfa', 'hwk'] } }))
  expect(passedSecondStep(strict!, { amr: ['pwd'] })).toBe(false)
  expect(passedSecondStep(strict!, { amr: ['pwd', 'hwk'] })).toBe(true)
  expect(passedSecondStep(directory!, {})).toBe(true)
})

it('shows names as the directory has them, and none that would break a line', () => {
  expect(namesOf({ given_name: 'Dafina', family_name: 'Gashi', name: 'x' })).toEqual({
    firstName: 'Dafina',
    lastName: 'Gashi',
  })
  expect(namesOf({ name: ' Dafina\n\u0000 Gashi ' })).toEqual({ firstName: 'Dafina Gashi', lastName: '' })
  expect(namesOf({ preferred_username: 'dgashi' })).toEqual({ firstName: 'dgashi', lastName: '' })
  expect(namesOf({ name: 'n'.repeat(500) }).firstName).toHaveLength(100)
  expect(namesOf({})).toEqual({ firstName: '', lastName: '' })
})
