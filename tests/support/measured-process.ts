// One of several web processes, which has answered so many requests and is asked for its metrics.
import { measureWebProcess } from '../../lib/metrics/process.ts'
import { tellAnswered } from '../../lib/platform/answered.ts'

measureWebProcess(new Set(['/help']))
for (let count = 0; count < Number(process.env.REQUESTS); count++) {
  tellAnswered({
    ...{ requestId: 'a-request', method: 'GET', route: '/help', status: 200, ms: 12, bytes: 100 },
    ...{ statements: 2, statementMs: 3, slowStatements: 1, left: false },
  })
}
