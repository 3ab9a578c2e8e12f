/** Paths to records and writes; HTTP itself is in `server.ts`. */
import { createHash } from 'node:crypto'
import type { Ledger, Operation } from './ledger.ts'
import { refundTexts, statusTexts, type CustomerView, type Order, type Refund, type Stored } from './records.ts'
import { customerWrites, invoiceWrites, orderWrites, type Write } from './writes.ts'

export interface Answer {
  status: number
  body: unknown
  /** Version of the record that the answer is about. */
  version?: string
}

export interface WriteRequest {
  method: string
  path: string
  key: string | null
  /** The version that the caller has seen; null: any. */
  ifMatch: string | null
  args: Record<string, unknown>
}

/** A request as it came: nothing in it is checked yet. */
export interface Asked {
  method: string
  path: string
  key: string | null
  /** As the header If-Match has it. */
  ifMatch: string | null
  /** Undefined when the body is no JSON object. */
  args: Record<string, unknown> | undefined
}

const failure = (status: number, error: string, message: string): Answer => ({ status, body: { error, message } })
const nothing = (what: string): Answer => failure(404, 'not_found', `There is no such ${what}.`)

/** Whatever is asked. @param now ISO 8601 */
export function answerTo(ledger: Ledger, { method, path, key, ifMatch, args }: Asked, now: string): Answer {
  if (!isDecodable(path)) return failure(400, 'bad_path', 'The path is not URL-encoded.')
  if (method === 'GET' || method === 'HEAD') return read(ledger, path)
  if (method !== 'POST' && method !== 'PUT') return failure(405, 'bad_method', 'Use GET, POST or PUT.')
  if (args === undefined) return failure(400, 'bad_body', 'The body is no JSON object, or above 64 kB.')
  return write(ledger, { method, path, key, ifMatch: ifMatch === '*' ? null : unquoted(ifMatch), args }, now)
}

const found = (record: { version: string } | undefined, what: string): Answer =>
  record === undefined ? nothing(what) : { status: 200, body: record, version: record.version }

export function read(ledger: Ledger, path: string): Answer {
  const [collection = '', id = '', part] = path.split('/').slice(1).map(decodeURIComponent)
  switch (part === undefined ? collection : `${collection}/${part}`) {
    case 'customers':
      return found(customerView(ledger, id), 'customer')
    case 'customers/orders':
      return ordersOf(ledger, id)
    case 'orders':
      return found(orderView(ledger.get('orders', id)), 'order')
    case 'orders/refund':
      return found(refundView(ledger.get('refunds', ledger.get('orders', id)?.refundId ?? '')), 'refund')
    case 'products':
      return id === ''
        ? { status: 200, body: { products: ledger.all('products') } }
        : found(ledger.get('products', id), 'product')
    case 'invoices':
      return found(ledger.get('invoices', id), 'invoice')
    case 'refunds':
      return found(refundView(ledger.get('refunds', id)), 'refund')
    case 'giftcards':
      return found(ledger.get('giftcards', id), 'gift card')
    case 'operations':
      return operation(ledger.operation(id))
    case 'healthz':
      return { status: 200, body: { status: 'ok' } }
    default:
      return nothing('path')
  }
}

const orderView = (order: Order | undefined) => order && { ...order, statusText: statusTexts[order.status] }
const refundView = (refund: Refund | undefined) => refund && { ...refund, statusText: refundTexts[refund.status] }

function customerView(ledger: Ledger, id: string): CustomerView | undefined {
  const customer = ledger.get('customers', id)
  if (customer === undefined) return undefined
  const open = new Set<Order['status']>([
    'pending',
    'packed',
    'shipped',
    'return_requested',
    'exchange_requested',
    'returned',
    'lost',
  ])
  const openOrders = ledger.all('orders').filter((order) => order.customerId === id && open.has(order.status)).length
  const cards = ledger.all('giftcards').filter((card) => card.customerId === id)
  return { ...customer, openOrders, creditMinor: cards.reduce((sum, card) => sum + card.balanceMinor, 0) }
}

function ordersOf(ledger: Ledger, customerId: string): Answer {
  if (ledger.get('customers', customerId) === undefined) return nothing('customer')
  const orders = ledger
    .all('orders')
    .filter((order) => order.customerId === customerId)
    .sort((a, b) => b.placedAt.localeCompare(a.placedAt) || a.id.localeCompare(b.id))
  return { status: 200, body: { orders: orders.map(orderView) }, version: orders.map(({ version }) => version).join('-') || '0' }
}

function operation(done: Operation | undefined): Answer {
  if (done === undefined) return nothing('operation')
  const { key, at, result, version } = done
  return { status: 200, body: { status: 'done', key, at, result, version }, version }
}

/**
 * Does a write once for each key. Refusals and lost races are not remembered: nothing was done, and the same key may come again when
 * the record allows it.
 */
export function write(ledger: Ledger, request: WriteRequest, now: string): Answer {
  const { key, ifMatch, args } = request
  if (key === null) return failure(400, 'no_idempotency_key', 'A write needs the header Idempotency-Key.')
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([request.method, request.path, sorted(args)]))
    .digest('hex')
  const before = ledger.operation(key)
  if (before !== undefined) {
    if (before.fingerprint !== fingerprint) return failure(409, 'key_reused', 'This key was used for another write.')
    return { status: 200, body: before.result, version: before.version }
  }

  const target = targetOf(ledger, request)
  if (target === undefined) return nothing('record or write')
  const { record, apply } = target
  if (ifMatch !== null && ifMatch !== record.version) {
    return { ...failure(412, 'record_changed', 'The record has changed since it was read.'), version: record.version }
  }
  const written = apply({ now, args, product: (id) => ledger.get('products', id) })
  if ('refused' in written) return failure(422, written.refused, written.message)

  const version = written.writes[0]!.record.version
  const result = { status: 'done', id: record.id, version, records: written.writes.map(pathOf) }
  ledger.commit({ key, fingerprint, at: now, result, version, writes: written.writes })
  return { status: 200, body: result, version }
}

type Apply = (context: Parameters<Write>[1]) => ReturnType<Write>

function targetOf(
  ledger: Ledger,
  { method, path }: WriteRequest,
): { record: { id: string; version: string }; apply: Apply } | undefined {
  const [collection, id = '', name = ''] = path.split('/').slice(1).map(decodeURIComponent)
  const wanted = name === 'address' || name === 'email' ? 'PUT' : 'POST'
  if (method !== wanted) return undefined
  switch (collection) {
    case 'orders':
      return bind(ledger.get('orders', id), own(orderWrites, name))
    case 'customers':
      return bind(ledger.get('customers', id), own(customerWrites, name))
    case 'invoices':
      return bind(ledger.get('invoices', id), own(invoiceWrites, name))
    default:
      return undefined
  }
}

function bind<T extends { id: string; version: string }>(
  record: T | undefined,
  apply: ((record: T, context: Parameters<Write>[1]) => ReturnType<Write>) | undefined,
) {
  return record === undefined || apply === undefined
    ? undefined
    : { record, apply: (context: Parameters<Write>[1]) => apply(record, context) }
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

const pathOf = ({ collection, record }: Stored): string => `${collection}/${record.id}`

const sorted = (args: Record<string, unknown>) => Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1))

const unquoted = (tag: string | null): string | null => tag?.replace(/^(?:W\/)?"(.*)"$/, '$1') ?? null

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== ''
  } catch {
    return false
  }
}
