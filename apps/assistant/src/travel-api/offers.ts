// What the demo's travel service offers: made from the request alone, so that the same question has the same answer.
import { createHash } from 'node:crypto'

function draw(seed: string, least: number, most: number): number {
  const number = createHash('sha256').update(seed).digest().readUInt32BE(0)
  return least + (number % (most - least + 1))
}

const airlines = [
  ['CA', '中国国际航空'],
  ['MU', '中国东方航空'],
  ['CZ', '中国南方航空'],
] as const

/** Three flights of a day, the earliest first. Prices are CNY. */
export function flightsOf(from: string, to: string, date: string) {
  return airlines.map(([code, airline], index) => {
    const seed = `${from}|${to}|${date}|${code}`
    const hour = 7 + index * 4 + draw(seed, 0, 2)
    const clock = (value: number): string =>
      `${date}T${String(value).padStart(2, '0')}:${draw(seed, 10, 50)}:00`
    return {
      flight_number: `${code}${draw(seed, 1000, 9999)}`,
      airline,
      departure_time: clock(hour),
      arrival_time: clock(hour + 2),
      price: draw(seed, 38, 128) * 10,
      currency: 'CNY',
    }
  })
}

/** Hotels of a city for a night. */
export function hotelsOf(city: string, date: string) {
  return ['如家', '汉庭', '全季'].map((chain) => ({
    name: `${chain}酒店（${city}）`,
    chain,
    price: draw(`${city}|${date}|${chain}`, 18, 60) * 10,
    currency: 'CNY',
  }))
}

/** The balance of an account. */
export function balanceOf(account: string, employee: string) {
  const points = account === '积分' || account === 'points'
  const amount = draw(`${account}|${employee}`, 100, 500_000) / (points ? 1 : 100)
  return { account, employee_id: employee, balance: amount, currency: points ? 'points' : 'CNY' }
}

/** The seat and the price of a train. */
export function trainOf(from: string, to: string, date: string) {
  const seed = `train|${from}|${to}|${date}`
  return {
    train_number: `G${draw(seed, 1, 999)}`,
    seat: `${draw(seed, 1, 16)}车${draw(seed, 1, 18)}A`,
    price: draw(seed, 20, 90) * 10,
  }
}
