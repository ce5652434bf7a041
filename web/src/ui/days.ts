/** Minutes that this clock is ahead of UTC. */
export const clockOffset = (): number => -new Date().getTimezoneOffset();

/** The last so many days up to `now` (epoch ms), as `2026-01-31` in this clock's time zone, oldest first. */
export function lastDays(count: number, now: number): string[] {
  const today = new Date(now);
  return Array.from({ length: count }, (_, at) =>
    dayOf(new Date(today.getFullYear(), today.getMonth(), today.getDate() - (count - 1 - at))),
  );
}

/** When a day of `lastDays` begins, epoch ms. */
export function startOfDay(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date).getTime();
}

/** `21 Nov`. */
export function shortDay(day: string): string {
  return day === "" ? "" : short.format(startOfDay(day));
}

const short = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

function dayOf(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
