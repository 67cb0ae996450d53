// The address of the database, as a name or an address that is moved when another server takes over.
import net, { type AddressInfo } from 'node:net'

export type Address = {
  port: number
  /** Leads to another server's port, and breaks what leads to the one of before. */
  leadTo: (port: number) => void
  close: () => void
}

/** Passes on every connection to the server at `port`. */
export async function openAddress(port: number): Promise<Address> {
  let target = port
  const sockets = new Set<net.Socket>()
  const keep = (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const server = net.createServer({ noDelay: true }, client => {
    const behind = net.connect({ port: target, host: '127.0.0.1', noDelay: true })
    keep(client)
    keep(behind)
    client.pipe(behind).pipe(client)
    client.on('close', () => behind.destroy())
    behind.on('close', () => client.destroy())
  })
  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: to => {
      target = to
      breakAll()
    },
    close: () => {
      breakAll()
      server.close()
    },
  }
}
