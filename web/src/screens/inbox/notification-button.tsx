import { turnOff, turnOn, useNotificationState } from "../../app/notifications.ts";
import { toastFault } from "../../app/toasts.ts";
import { Button } from "../../ui/button.tsx";

/** Whether the browser tells of what waits while the page is hidden. */
export function NotificationButton() {
  const state = useNotificationState();
  if (state === "unavailable") return <span className="text-muted text-xs">Notifications need HTTPS</span>;
  if (state === "blocked") return <span className="text-muted text-xs">The browser blocks notifications of this page</span>;
  if (state === "on") return <Button onClick={turnOff}>Notifications are on: turn off</Button>;
  return <Button onClick={() => void turnOn().catch(toastFault)}>Notify me</Button>;
}
