// What Help answers, in the order of the page. The names are anchors in addresses and keys of the namespace `help`.

export const TOPICS = [
  {
    id: 'registering',
    questions: ['how-to-register', 'why-registration-fails', 'details-taken', 'old-account', 'foreign-phone'],
  },
  { id: 'codes', questions: ['code-not-arrived', 'code-refused', 'reset-not-arrived'] },
  {
    id: 'signing-in',
    questions: [
      'how-to-sign-in',
      'cannot-sign-in',
      'forgotten-password',
      'password-rule',
      'change-password',
      'unknown-device',
      'second-step',
    ],
  },
  {
    id: 'contracts',
    questions: [
      'add-contract',
      'which-code',
      'remove-contract',
      'three-levels',
      'see-invoices',
      'someone-added-mine',
      'masked-data',
      'business-contract',
    ],
  },
  {
    id: 'invoices',
    questions: [
      'unpaid-and-overdue',
      'interest',
      'tv-tax',
      'print-invoice',
      'history',
      'missing-invoice',
      'corrected-invoice',
      'bill-notifications',
      'estimate',
    ],
  },
  {
    id: 'paying',
    questions: [
      'pay-online',
      'which-card',
      'card-number',
      'not-known-yet',
      'payment-not-shown',
      'wrong-code-on-slip',
      'declined-payment',
      'paid-too-much',
      'pay-for-others',
    ],
  },
  { id: 'meter', questions: ['no-present-reading', 'estimated-reading'] },
  {
    id: 'your-data',
    questions: ['update-contract-data', 'update-account-data', 'privacy', 'copy-or-deletion', 'languages'],
  },
  {
    id: 'complaints',
    questions: ['no-power', 'complaint', 'pay-disputed', 'debt-certificate', 'check-certificate'],
  },
] as const

export type TopicId = (typeof TOPICS)[number]['id']
export type Question = (typeof TOPICS)[number]['questions'][number]
/** Where its answer stands open, whether or not the browser opens what an address leads to. */
export const answerPath = (question: Question): string => `/help?open=${question}#${question}`

export type Topic = { id: TopicId; questions: readonly Question[] }
