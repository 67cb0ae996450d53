// The main journey through everything, and whose address the portal sees.
import { Customer } from '../../support/customer.ts'
import { rows } from '../../support/portal-process.ts'
import { payContract } from '../paying.ts'
import type { Place } from '../place.ts'

const DEMO_PASSWORD = 'Demo-2024'

export async function journey({ nginx, startWorker, postgres }: Place): Promise<string[]> {
  const worker = await startWorker()
  const began = Date.now()
  const customer = new Customer(nginx.url)
  await customer.signIn('mirela', DEMO_PASSWORD)
  const payment = await payContract(customer, '/contracts/oshee/TR0.A0000000000004')
  const receipt = await customer.get(`${payment.path}/receipt`)
  const pdf = await customer.get(`${payment.path}/receipt.pdf`)
  if (receipt.status !== 200 || !receipt.html.includes('Mirela Shehu'))
    throw new Error(`receipt: ${receipt.status}`)
  if (!pdf.html.startsWith('%PDF-')) throw new Error(`the receipt's PDF: ${pdf.status}`)
  const took = Date.now() - began
  const [prepared] = await rows<{ count: number }>(
    postgres.url,
    `select count(*)::int as count from pg_stat_activity where datname = 'drita' and application_name = 'drita'`,
  )
  await worker.stop()
  return [`${took} ms in all; ${prepared!.count} connections at PostgreSQL`]
}

export async function addresses({ nginx, nodes, postgres, settings }: Place): Promise<string[]> {
  const lastAddress = async () => {
    const [session] = await rows<{ address: string }>(
      postgres.url,
      'select host(address) as address from sessions order by created_at desc limit 1',
    )
    return session?.address
  }
  const signedInFrom = async (address: string) => {
    await new Customer(nginx.url, { 'x-forwarded-for': address }).signIn('milan', DEMO_PASSWORD)
    return lastAddress()
  }
  const named = await signedInFrom('203.0.113.7')
  if (named !== '203.0.113.7') throw new Error(`nginx is named, and the session's address is ${named}`)
  for (const node of nodes) await node.restart({ TRUSTED_PROXIES: '' })
  const unnamed = [await signedInFrom('203.0.113.8'), await signedInFrom('203.0.113.9')]
  const warnings = nodes.map(({ portal }) => portal.output().split('TRUSTED_PROXIES').length - 1)
  for (const node of nodes) await node.restart({ TRUSTED_PROXIES: settings.TRUSTED_PROXIES! })
  if (unnamed.some(address => address !== '127.0.0.1'))
    throw new Error(`nobody is named, and it is ${unnamed}`)
  if (warnings.some(count => count !== 1))
    throw new Error(`the nodes warned ${warnings} times instead of once`)
  return ['named: 203.0.113.7; unnamed: 127.0.0.1 for everybody, and each node says so once']
}
