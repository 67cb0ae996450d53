// A process of its own that receives one answer of the sandbox bank, to be killed in the middle of it.
import { receiveIncoming } from '../../lib/payments/incoming.ts'

await receiveIncoming(
  'sandbox',
  { channel: 'callback', body: process.argv[2]! },
  '127.0.0.1',
  new Date(process.argv[3]!),
)
