// What a command returns: success, or one of the failures that can be expected.

export type Result<Value, Code extends string> = { ok: true; value: Value } | { ok: false; code: Code }

export const ok = <Value>(value: Value) => ({ ok: true, value }) as const
export const fail = <Code extends string>(code: Code) => ({ ok: false, code }) as const
