/** Something is under way. `label` is read out. */
export function Spinner({ label = "Loading", className = "size-4" }: { label?: string; className?: string }) {
  return (
    <span role="status" className="inline-flex items-center">
      <span aria-hidden="true" className={`inline-block animate-spin rounded-full border-2 border-line border-t-accent ${className}`} />
      <span className="sr-only">{label}</span>
    </span>
  );
}
