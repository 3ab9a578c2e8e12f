/** The records that the back end starts with. Dates in the file count days from the start, so that a return window never lapses by itself. */
import data from './seed.json' with { type: 'json' }
import type { Customer, Item, Order, Product, Stored } from './records.ts'

const day = 86_400_000

interface SeedOrder {
  id: string
  customerId: string
  status: string
  items: { productId: string; size?: string; quantity?: number }[]
  placedDaysAgo: number
  shippedDaysAgo?: number
  deliveredDaysAgo?: number
  arrivesInDays?: number
  paidWith: string
  address: string
}

interface SeedProduct {
  id: string
  name: string
  productClass: string
  priceMinor: number
  stock: { size: string | null; available: number }[]
  finalSale?: boolean
  personalised?: boolean
}

const products = new Map((data.products as SeedProduct[]).map((product) => [product.id, product]))

/** @param start milliseconds since the epoch from which the file's days count. */
export function seed(start: number): Stored[] {
  // An hour earlier, so that "14 days ago" is still day 14 while a run lasts.
  const moment = (daysAgo: number | undefined) =>
    daysAgo === undefined ? null : new Date(start - daysAgo * day - 3_600_000).toISOString()
  const orders = (data.orders as SeedOrder[]).map((order) => toOrder(order, start, moment))
  const byId = new Map(orders.map((order) => [order.id, order]))
  const orderOf = (id: string): Order => byId.get(id) ?? missing(id)

  return [
    ...data.customers.map((customer): Stored => ({
      collection: 'customers',
      record: { ...customer, level: customer.level as Customer['level'], version: '1', status: 'active' },
    })),
    ...[...products.values()].map((product): Stored => ({ collection: 'products', record: toProduct(product) })),
    ...orders.map((record): Stored => ({ collection: 'orders', record })),
    ...data.invoices.map(({ id, orderId }): Stored => {
      const { customerId, totalMinor } = orderOf(orderId)
      return { collection: 'invoices', record: { id, version: '1', customerId, orderId, totalMinor, copiesSent: 0 } }
    }),
    ...data.refunds.map(({ orderId, status, daysAgo }): Stored => {
      const { customerId, totalMinor } = orderOf(orderId)
      const record = { id: `R-${orderId}`, version: '1', customerId, orderId, amountMinor: totalMinor, at: moment(daysAgo)! }
      return { collection: 'refunds', record: { ...record, status: status === 'paid' ? 'paid' : 'initiated' } }
    }),
    ...data.giftcards.map((card): Stored => ({ collection: 'giftcards', record: { ...card, version: '1' } })),
  ]
}

function toOrder(order: SeedOrder, start: number, moment: (daysAgo: number | undefined) => string | null): Order {
  const { placedDaysAgo, shippedDaysAgo, deliveredDaysAgo, arrivesInDays, ...rest } = order
  const items = order.items.map(toItem)
  return {
    ...rest,
    version: '1',
    status: order.status as Order['status'],
    paidWith: order.paidWith as Order['paidWith'],
    items,
    currency: 'EUR',
    totalMinor: items.reduce((sum, item) => sum + item.priceMinor * item.quantity, 0),
    placedAt: moment(placedDaysAgo)!,
    shippedAt: moment(shippedDaysAgo),
    deliveredAt: moment(deliveredDaysAgo),
    estimatedDelivery: arrivesInDays === undefined ? null : new Date(start + arrivesInDays * day).toISOString().slice(0, 10),
    trackingNumber: shippedDaysAgo === undefined ? null : `FM${order.id.slice(1)}DE`,
    refundId: data.refunds.some(({ orderId }) => orderId === order.id) ? `R-${order.id}` : null,
    replacementId: null,
    exchangeSize: null,
  }
}

function toItem({ productId, size = null, quantity = 1 }: { productId: string; size?: string | null; quantity?: number }): Item {
  const {
    name,
    productClass,
    priceMinor,
    finalSale = false,
    personalised = false,
  } = products.get(productId) ?? missing(productId)
  return {
    productId,
    name,
    productClass: productClass as Item['productClass'],
    size,
    quantity,
    priceMinor,
    finalSale,
    personalised,
  }
}

function toProduct({ id, name, productClass, priceMinor, stock }: SeedProduct): Product {
  return { id, version: '1', name, productClass: productClass as Product['productClass'], priceMinor, stock }
}

function missing(id: string): never {
  throw new Error(`seed.json names ${id}, which is not in it`)
}
