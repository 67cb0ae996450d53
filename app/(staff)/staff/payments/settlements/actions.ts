'use server'
// Takes a bank's settlement file: it is read as it arrives, and the file itself is not kept.
import { requireStaff } from '@/lib/auth/guards.ts'
import type { FileSteps, TakenFiles } from '@/lib/forms/form.ts'
import { filesIn } from '@/lib/forms/sent.ts'
import type { FormState } from '@/lib/forms/state.ts'
import { settlementsPath } from '@/lib/payment-desk/schema.ts'
import { formAction } from '@/lib/request/form-action.ts'
import { loadStaffSettlement } from '@/lib/settlements/commands.ts'
import { settlementForm } from '@/lib/settlements/forms.ts'

export async function loadSettlementAction(state: FormState, data: FormData): Promise<FormState> {
  let file: File | undefined
  const load = formAction(settlementForm, {
    guard: () => requireStaff('supervisor'),
    files: judged(one => {
      file = one
    }),
    command: async ({ who, input, now }) => {
      const bytes = new Uint8Array(await file!.arrayBuffer())
      return loadStaffSettlement(who, input.account, { name: file!.name, bytes }, now)
    },
    done: ({ fileId }) => `${settlementsPath(fileId)}&loaded`,
  })
  return load(state, data)
}

/** One file that is not too large; its name stands for it. */
function judged(found: (file: File) => void): FileSteps<unknown> {
  const megabytes = settlementForm.fields.file.megabytes()
  const taken: TakenFiles = { ids: [], refused: [], seconds: 0, files: { kept: [] } }
  return {
    take: async (_, sent) => {
      const [file, another] = filesIn(sent, 'file')
      if (!file) return taken
      if (another) return { ...taken, refused: [{ error: 'oneFile' }] }
      if (file.size > megabytes * 1_000_000)
        return { ...taken, refused: [{ error: 'fileTooLarge', values: { megabytes } }] }
      found(file)
      return { ...taken, ids: [file.name] }
    },
    recheck: async (_, before) => before,
  }
}
