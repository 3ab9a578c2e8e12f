/** What each write does to the records, or why it is refused. Pure: time and ids come in. */
import type { Customer, GiftCard, Invoice, Order, Product, Records, Refund, Stored } from './records.ts'

export type Written = { writes: Stored[] } | { refused: string; message: string }

export interface WriteContext {
  /** ISO 8601. */
  now: string
  args: Readonly<Record<string, unknown>>
  product(id: string): Product | undefined
}

type Target = Records['orders' | 'customers' | 'invoices']
export type Write<T extends Target = Target> = (record: T, context: WriteContext) => Written

const refuse = (refused: string, message: string): Written => ({ refused, message })

/** The next version of a record. */
export function next<T extends Target | Refund | GiftCard>(record: T, changes: Partial<T>): T {
  return { ...record, ...changes, version: String(Number(record.version) + 1) }
}

function changed(order: Order, changes: Partial<Order>): Written {
  return { writes: [{ collection: 'orders', record: next(order, changes) }] }
}

const isOneOf = (order: Order, ...statuses: Order['status'][]): boolean => statuses.includes(order.status)

function refundOf(order: Order, now: string): Refund {
  const { customerId, totalMinor } = order
  return {
    id: `R-${order.id}`,
    version: '1',
    customerId,
    orderId: order.id,
    amountMinor: totalMinor,
    status: 'initiated',
    at: now,
  }
}

function withRefund(order: Order, status: Order['status'], now: string): Written {
  const refund = refundOf(order, now)
  return {
    writes: [
      { collection: 'orders', record: next(order, { status, refundId: refund.id, estimatedDelivery: null }) },
      { collection: 'refunds', record: refund },
    ],
  }
}

export const orderWrites: Readonly<Record<string, Write<Order>>> = {
  cancellation(order, { now }) {
    if (!isOneOf(order, 'pending')) return refuse('not_pending', 'Only a pending order can be cancelled.')
    return withRefund(order, 'cancelled', now)
  },
  return(order) {
    if (!isOneOf(order, 'delivered')) return refuse('not_delivered', 'Only a delivered order can be returned.')
    return changed(order, { status: 'return_requested' })
  },
  refund(order, { now, args }) {
    if (order.refundId !== null) return refuse('already_refunded', 'The order has been refunded.')
    if (!isOneOf(order, 'returned', 'lost')) return refuse('not_refundable', 'Only a returned or lost order can be refunded.')
    if (args['amountMinor'] !== order.totalMinor) return refuse('wrong_amount', 'A refund pays back the total of the order.')
    return withRefund(order, 'refunded', now)
  },
  exchange(order, { args, product }) {
    const { size } = args
    if (!isOneOf(order, 'delivered')) return refuse('not_delivered', 'Only a delivered order can be exchanged.')
    if (typeof size !== 'string') return refuse('no_size', 'The size is missing.')
    const stock = product(order.items[0]?.productId ?? '')?.stock.find((entry) => entry.size === size)
    if (stock === undefined || stock.available < 1) return refuse('sold_out', 'This size is not in stock.')
    return changed(order, { status: 'exchange_requested', exchangeSize: size })
  },
  replacement(order) {
    if (!isOneOf(order, 'delivered')) return refuse('not_delivered', 'Only a delivered order can be replaced.')
    if (order.replacementId !== null) return refuse('already_replaced', 'The order has been replaced.')
    return changed(order, { replacementId: `X-${order.id}` })
  },
  address(order, { args }) {
    const { address } = args
    if (!isOneOf(order, 'pending')) return refuse('not_pending', 'Only a pending order can go elsewhere.')
    if (typeof address !== 'string' || address.trim().length < 8)
      return refuse('no_address', 'The address is missing or too short.')
    return changed(order, { address: address.trim() })
  },
}

export const customerWrites: Readonly<Record<string, Write<Customer>>> = {
  email(customer, { args }) {
    const { email } = args
    if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
      return refuse('no_email', 'This is no e-mail address.')
    return { writes: [{ collection: 'customers', record: next(customer, { email }) }] }
  },
  closure(customer) {
    if (customer.status === 'closing') return refuse('already_closing', 'The account is being closed.')
    return { writes: [{ collection: 'customers', record: next(customer, { status: 'closing', marketing: false }) }] }
  },
  'marketing-stop': (customer) => ({ writes: [{ collection: 'customers', record: next(customer, { marketing: false }) }] }),
}

export const invoiceWrites: Readonly<Record<string, Write<Invoice>>> = {
  copy: (invoice) => ({
    writes: [{ collection: 'invoices', record: next(invoice, { copiesSent: invoice.copiesSent + 1 }) }],
  }),
}
