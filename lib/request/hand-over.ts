// What a page hands to those of its parts that are the browser's, too, while both are made into HTML: past the data that
// describe the page to a script, where it would stand a second time (decision 0045).
import { answering } from '../platform/answering.ts'
import type { HandedOver } from '../platform/handed-over.ts'

export function handOver<T>(value: T): HandedOver<T> {
  const answer = answering.getStore()
  if (!answer?.isDocument) return { value }
  answer.handed ??= []
  return { place: answer.handed.push(value) - 1 }
}
