// Keeps the memory of finished requests from piling up.

/**
 * React ends each rendering by aborting a signal, with an error as the reason whose stack nobody reads. Until it is
 * read, V8 keeps the frames of an error as they were, among them the callback of setImmediate that ran; that is linked
 * to its neighbours in Node's queue, which hold the requests they belong to, whose reasons hold the next: under load
 * no request would ever be let go (50 kB each). A stack that is set takes the place of the frames; one that is read is first made
 * into text, which takes half a millisecond.
 * Known as https://github.com/react/react/issues/37288; to be removed when React reads or leaves out the stack itself, or
 * with Node.js 22: what 24 keeps of a callback links to no other.
 */
export function letGoOfAbortReasons(): void {
  const { abort } = AbortController.prototype
  AbortController.prototype.abort = function (this: AbortController, reason?: unknown) {
    abort.call(this, reason)
    if (this.signal.reason instanceof Error) this.signal.reason.stack = ''
  }
}
