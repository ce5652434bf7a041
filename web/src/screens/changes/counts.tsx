/** Lines that came and went. */
export function Counts({ additions, deletions }: { additions: number; deletions: number }) {
  return (
    <span className="whitespace-nowrap text-xs tabular-nums">
      {additions > 0 && <span className="text-ok">{`+${additions}`}</span>}
      {additions > 0 && deletions > 0 && " "}
      {deletions > 0 && <span className="text-danger">{`−${deletions}`}</span>}
    </span>
  );
}
