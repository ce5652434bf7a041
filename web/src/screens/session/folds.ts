import { useState } from "react";

/** What the reader opened or closed, by the part's id: it stays so while the part is out of sight, where it is not on the page. */
const folds = new Map<string, boolean>();

export function useFold(id: string, isOpenAtFirst = false): [boolean, (isOpen: boolean) => void] {
  const [chosen, setChosen] = useState(() => folds.get(id));
  return [
    chosen ?? isOpenAtFirst,
    (isOpen) => {
      folds.set(id, isOpen);
      setChosen(isOpen);
    },
  ];
}
