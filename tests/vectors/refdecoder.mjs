#!/usr/bin/env node
// Reference decoder for text/event-stream, written from the WHATWG HTML rules (9.2).
// Two deliberately different implementations so that they can check each other:
//   class SSEDecoder      incremental, works on bytes, any chunking
//   function decodeBatch  whole stream at once: UTF-8 decode, then split into lines with a regular expression
//
// CLI: node refdecoder.mjs [--chunks=3,1] [--seed=LAST_ID] [--wire=json|kv] [--batch] [--comments] < stream
//   --chunks=a,b,c  feed the decoder pieces of a, then b, then c, c, c ... bytes (default: as read)
//   --seed=S        last event ID carried over from an earlier connection
import { pathToFileURL } from 'node:url'

const LF = 0x0a, CR = 0x0d, COLON = 0x3a, SPACE = 0x20
// fatal:false  -> WHATWG "replacement" error mode; ignoreBOM:true -> the BOM is our business, not the decoder's
const utf8 = (bytes) => new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes)

export class SSEDecoder {
  constructor({ onEvent, onRetry, onComment, lastEventId = '' } = {}) {
    this.onEvent = onEvent ?? (() => {})
    this.onRetry = onRetry ?? (() => {})
    this.onComment = onComment ?? (() => {})
    this.retry = null              // event source's reconnection time; null = never set by the stream
    this.lastEventId = lastEventId // event source's last event ID string (what Last-Event-ID would carry)
    this.idBuf = lastEventId       // "last event ID buffer"; seeded on reconnect, as browsers and WPT do
    this.data = null               // null = data buffer is the empty string; else array of lines
    this.type = ''
    this.line = []                 // bytes of the unfinished line, in pieces
    this.lineLen = 0
    this.bom = 0                   // 0..2 = BOM bytes matched so far, -1 = BOM check finished
    this.skipLF = false            // last byte was CR: swallow one LF
  }

  push(chunk) {
    let i = 0
    if (this.bom >= 0) {
      const BOM = [0xef, 0xbb, 0xbf]
      while (i < chunk.length && this.bom >= 0) {
        if (chunk[i] === BOM[this.bom]) {
          i++
          if (++this.bom === 3) this.bom = -1
        } else {
          const held = this.bom
          this.bom = -1
          if (held) this.#take(Uint8Array.from(BOM.slice(0, held)))
        }
      }
    }
    let start = i
    for (; i < chunk.length; i++) {
      const c = chunk[i]
      if (c === LF && this.skipLF) { this.skipLF = false; start = i + 1; continue }
      this.skipLF = false
      if (c !== LF && c !== CR) continue
      if (i > start) this.#take(chunk.subarray(start, i))
      this.#endLine()
      start = i + 1
      this.skipLF = c === CR
    }
    if (start < chunk.length) this.#take(chunk.subarray(start))
  }

  // End of the stream: whatever is pending is dropped, and so is an uncommitted id.
  end() {
    this.line = []; this.lineLen = 0; this.data = null; this.type = ''
    this.idBuf = this.lastEventId
  }

  #take(piece) { this.line.push(Uint8Array.from(piece)); this.lineLen += piece.length }

  #endLine() {
    const bytes = this.line.length === 1 ? this.line[0] : concat(this.line, this.lineLen)
    this.line = []; this.lineLen = 0
    if (bytes.length === 0) return this.#dispatch()
    const colon = bytes.indexOf(COLON)
    if (colon === 0) return this.onComment(utf8(bytes.subarray(1)))
    const name = utf8(colon < 0 ? bytes : bytes.subarray(0, colon))
    let v = colon < 0 ? new Uint8Array(0) : bytes.subarray(colon + 1)
    if (v.length && v[0] === SPACE) v = v.subarray(1)
    const value = utf8(v)
    switch (name) {
      case 'data': (this.data ??= []).push(value); break
      case 'event': this.type = value; break
      case 'id': if (!value.includes('\0')) this.idBuf = value; break
      case 'retry':
        if (/^[0-9]+$/.test(value)) { this.retry = numOrString(value); this.onRetry(this.retry) }
        break
      default: // ignored
    }
  }

  #dispatch() {
    this.lastEventId = this.idBuf
    const { data, type } = this
    this.data = null
    this.type = ''
    if (data === null) return
    this.onEvent({ type: type === '' ? 'message' : type, data: data.join('\n'), lastEventId: this.lastEventId })
  }
}

const numOrString = (s) => {
  const n = BigInt(s)
  return n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n.toString()
}

function concat(list, len) {
  const out = new Uint8Array(len)
  let o = 0
  for (const p of list) { out.set(p, o); o += p.length }
  return out
}

// Feed `bytes` in pieces of the given sizes (last size repeats).
export function decodeChunks(bytes, sizes, opts = {}) {
  const events = [], comments = []
  const d = new SSEDecoder({ ...opts, onEvent: (e) => events.push(e), onComment: (c) => comments.push(c) })
  let o = 0, k = 0
  while (o < bytes.length) {
    const n = Math.max(1, sizes[Math.min(k++, sizes.length - 1)] ?? bytes.length)
    d.push(bytes.subarray(o, o + n))
    o += n
  }
  d.end()
  return { events, retry: d.retry, lastEventId: d.lastEventId, comments }
}
export const decodeAll = (bytes, opts) => decodeChunks(bytes, [Math.max(1, bytes.length)], opts)

// Second, independent implementation: decode text first, then cut into lines.
export function decodeBatch(bytes, { lastEventId = '' } = {}) {
  const text = new TextDecoder('utf-8').decode(bytes) // strips one BOM
  const lines = text.split(/\r\n|\n|\r/)
  lines.pop() // the part after the last line end is not a line
  const events = []
  let retry = null, last = lastEventId, buf = lastEventId, data = '', type = ''
  for (const line of lines) {
    if (line === '') {
      last = buf
      if (data !== '') events.push({ type: type || 'message', data: data.slice(0, -1), lastEventId: last })
      data = ''; type = ''
      continue
    }
    if (line.startsWith(':')) continue
    const m = /^([^:]*)(?::[ ]?([^]*))?$/.exec(line)
    const field = m[1], value = m[2] ?? ''
    if (field === 'data') data += value + '\n'
    else if (field === 'event') type = value
    else if (field === 'id') { if (value.indexOf('\u0000') < 0) buf = value }
    else if (field === 'retry' && value !== '' && [...value].every((c) => c >= '0' && c <= '9')) retry = numOrString(value)
  }
  return { events, retry, lastEventId: last }
}

async function main() {
  const arg = (n) => process.argv.find((a) => a.startsWith(`--${n}=`))?.slice(n.length + 3)
  const kv = arg('wire') === 'kv'
  const b64 = (s) => Buffer.from(s, 'utf8').toString('base64') || '-'
  const out = (o) => process.stdout.write(kv
    ? ('end' in o ? `end ${o.retry ?? '-'} ${b64(o.lastEventId)}\n` : 'comment' in o ? `comment ${b64(o.comment)}\n` : `event ${b64(o.type)} ${b64(o.data)} ${b64(o.lastEventId)}\n`)
    : JSON.stringify(o) + '\n')
  const opts = { lastEventId: arg('seed') ?? '' }
  if (process.argv.includes('--batch')) {
    const parts = []
    for await (const c of process.stdin) parts.push(c)
    const r = decodeBatch(Buffer.concat(parts), opts)
    r.events.forEach(out)
    return out({ end: true, retry: r.retry, lastEventId: r.lastEventId })
  }
  const sizes = arg('chunks')?.split(',').map(Number)
  const d = new SSEDecoder({ ...opts, onEvent: out, onComment: process.argv.includes('--comments') ? (comment) => out({ comment }) : undefined })
  let k = 0, held = Buffer.alloc(0)
  for await (const c of process.stdin) {
    if (!sizes) { d.push(c); continue }
    held = held.length ? Buffer.concat([held, c]) : c
    for (;;) {
      const n = sizes[Math.min(k, sizes.length - 1)]
      if (held.length < n) break
      d.push(held.subarray(0, n)); held = held.subarray(n); k++
    }
  }
  if (held.length) d.push(held)
  d.end()
  out({ end: true, retry: d.retry, lastEventId: d.lastEventId })
}
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
