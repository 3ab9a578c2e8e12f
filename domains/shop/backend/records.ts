/** What the back end keeps: plain records, each with a version that changes with every write. */

export const collections = ['customers', 'orders', 'products', 'invoices', 'refunds', 'giftcards'] as const
export type Collection = (typeof collections)[number]

interface Versioned {
  id: string
  /** A decimal counter as text: the record's ETag. */
  version: string
}

export interface Customer extends Versioned {
  name: string
  email: string
  level: 'standard' | 'premium' | 'pro'
  status: 'active' | 'closing'
  marketing: boolean
}

/** A customer as read: with what is still open, counted at the time of reading. */
export interface CustomerView extends Customer {
  openOrders: number
  /** What is left on all gift cards of the customer. */
  creditMinor: number
}

export type OrderStatus =
  | 'pending'
  | 'packed'
  | 'shipped'
  | 'delivered'
  | 'return_requested'
  | 'exchange_requested'
  | 'returned'
  | 'refunded'
  | 'cancelled'
  | 'lost'

export interface Item {
  productId: string
  name: string
  productClass: 'clothing' | 'shoes' | 'electronics' | 'home' | 'furniture'
  size: string | null
  quantity: number
  priceMinor: number
  finalSale: boolean
  personalised: boolean
}

export interface Order extends Versioned {
  customerId: string
  status: OrderStatus
  /** ISO 8601 moments; null: not yet. */
  placedAt: string
  shippedAt: string | null
  deliveredAt: string | null
  /** ISO 8601 date; null: delivered, or nobody can say. */
  estimatedDelivery: string | null
  trackingNumber: string | null
  address: string
  paidWith: 'card' | 'paypal' | 'giftcard' | 'invoice'
  currency: string
  totalMinor: number
  items: Item[]
  refundId: string | null
  replacementId: string | null
  exchangeSize: string | null
}

export interface Product extends Versioned {
  name: string
  productClass: Item['productClass']
  priceMinor: number
  stock: { size: string | null; available: number }[]
}

export interface Invoice extends Versioned {
  customerId: string
  orderId: string
  totalMinor: number
  copiesSent: number
}

export interface Refund extends Versioned {
  customerId: string
  orderId: string
  amountMinor: number
  status: 'initiated' | 'paid'
  at: string
}

export interface GiftCard extends Versioned {
  customerId: string
  balanceMinor: number
}

export interface Records {
  customers: Customer
  orders: Order
  products: Product
  invoices: Invoice
  refunds: Refund
  giftcards: GiftCard
}

/** A record and where it belongs. */
export type Stored = { [C in Collection]: { collection: C; record: Records[C] } }[Collection]

/** The status in words that a customer understands. */
export const statusTexts: Record<OrderStatus, string> = {
  pending: 'received and not yet packed',
  packed: 'packed and waiting for the carrier',
  shipped: 'handed to the carrier and on its way',
  delivered: 'delivered',
  return_requested: 'being returned',
  exchange_requested: 'being exchanged',
  returned: 'returned and received in our warehouse',
  refunded: 'refunded',
  cancelled: 'cancelled',
  lost: 'lost by the carrier',
}

export const refundTexts: Record<Refund['status'], string> = {
  initiated: 'approved and on its way to you',
  paid: 'paid out',
}
