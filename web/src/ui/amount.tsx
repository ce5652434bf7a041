const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en");

/** `$0.0042`, `$1.20`. US dollars. */
export function money(dollars: number): string {
  if (dollars === 0) return "$0";
  return dollars < 0.1 ? `$${dollars.toPrecision(2)}` : `$${dollars.toFixed(2)}`;
}

export function Money({ dollars }: { dollars: number }) {
  return (
    <span title={`$${dollars}`} className="whitespace-nowrap">
      {money(dollars)}
    </span>
  );
}

/** `12.4K`. */
export const tokens = (count: number): string => compact.format(count);

export function Tokens({ count }: { count: number }) {
  return (
    <span title={`${whole.format(count)} tokens`} className="whitespace-nowrap">
      {tokens(count)}
    </span>
  );
}
