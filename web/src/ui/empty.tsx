import type { ReactNode } from "react";

/** Says why there is nothing to see, and what would change that. */
export function Empty({ title, children, role }: { title: string; children?: ReactNode; role?: "alert" | "status" }) {
  return (
    <div role={role} className="flex min-h-48 flex-1 flex-col items-center justify-center p-6 text-center">
      <h2 className="mb-1 font-semibold text-base">{title}</h2>
      <div className="text-muted">{children}</div>
    </div>
  );
}
