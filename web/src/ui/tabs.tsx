import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

interface TabsProps<Name extends string> {
  label: string;
  value: Name;
  onChange(value: Name): void;
  tabs: { value: Name; title: ReactNode; content?: ReactNode }[];
}

/** Views of one thing, one at a time. The chosen one belongs into the address: it is passed in. */
export function Tabs<Name extends string>({ label, value, onChange, tabs }: TabsProps<Name>) {
  return (
    <Base.Root value={value} onValueChange={(next: Name) => onChange(next)} className="flex min-h-0 flex-1 flex-col">
      <Base.List aria-label={label} className="flex gap-1 overflow-x-auto border-line border-b px-2">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="min-h-9 whitespace-nowrap border-transparent border-b-2 px-3 text-muted hover:text-text data-active:border-accent data-active:text-text touch:min-h-11"
          >
            {tab.title}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="flex min-h-0 flex-1 flex-col">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
