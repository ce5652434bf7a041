import type { ComponentProps } from "react";
import { classes } from "./classes.ts";

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: "primary" | "plain" | "quiet" | "danger";
}

const variants = {
  primary: "border-accent bg-accent text-on-accent hover:brightness-110",
  plain: "border-line bg-raised hover:bg-hover",
  quiet: "border-transparent hover:bg-hover",
  danger: "border-danger text-danger hover:bg-hover",
};

/** How every button looks; for links that look like one, too. */
export function buttonClasses(variant: keyof typeof variants = "plain", more?: string): string {
  return classes(
    "inline-flex min-h-8 select-none items-center justify-center gap-1.5 rounded-md border px-3 py-1 font-medium disabled:opacity-60 touch:min-h-11",
    variants[variant],
    more,
  );
}

export function Button({ variant, className, type = "button", ...props }: ButtonProps) {
  return <button type={type} className={buttonClasses(variant, className)} {...props} />;
}
