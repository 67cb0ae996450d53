'use server'
// Makes a move of staff.
import { redirect } from 'next/navigation'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { moveCase } from '@/lib/cases/commands.ts'
import { kindsIn } from '@/lib/cases/kinds.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { casePath, moveInput, parseId } from '@/lib/cases/schema.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function moveAction(
  queue: string,
  caseId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const staff = await requireStaff()
  // Bound to the form, and so forgeable.
  const id = parseId(caseId)
  if (!id || kindsIn(queue).length === 0) return refuseStaff(staff)
  const input = parseForm(moveInput, form, ['chosen', 'confirmed'])
  if (!input.ok) return input.state
  const { intent, ...said } = input.value
  const moved = await moveCase(staff, id, intent, said, clock.now())
  if (!moved.ok) {
    if (moved.code === 'notFound') return refuseStaff(staff, `case:${id}`)
    if (moved.code === 'noteRequired') return invalid(form, { fieldErrors: { note: moved.code } })
    return invalid(form, { formError: moved.code })
  }
  const { kind, state } = moved.value
  // Whoever took it goes on with it.
  redirect(isDecided(state) ? `/staff/${queue}?done=${kind}-${state}` : casePath(queue, id))
}
