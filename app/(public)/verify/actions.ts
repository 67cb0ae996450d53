'use server'
// Checks a certificate, by its code or by its file.
import { certificateFile, checkForm } from '@/lib/certificates/checking.ts'
import { certificateCheckForm } from '@/lib/certificates/forms.ts'
import { checkedPath } from '@/lib/certificates/schema.ts'
import { ownBrowser, requestDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const checkCertificateAction = formAction(certificateCheckForm, {
  guard: requestDevice,
  files: certificateFile,
  command: async ({ who: { address }, input, files, now }) =>
    checkForm(input, files, { address, browser: await ownBrowser() }, now),
  done: ({ code, mark }) => checkedPath(code, mark),
})
