import type { ComponentProps } from "react";
import { type ButtonProps, buttonClasses } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: IconName;
  /** What it does: read out, and shown on hover. */
  label: string;
  variant?: ButtonProps["variant"];
}

export function IconButton({ icon, label, variant = "quiet", className, type = "button", ...props }: IconButtonProps) {
  const look = buttonClasses(variant, `min-w-8 px-1.5 touch:min-w-11 ${className ?? ""}`);
  return (
    <button type={type} aria-label={label} title={label} className={look} {...props}>
      <Icon name={icon} />
    </button>
  );
}
