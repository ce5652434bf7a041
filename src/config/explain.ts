import { withoutSecrets } from "../schema/redact.ts";
import type { ConfigSetting } from "../schema/setting.ts";
import { addingUp, isObject, type Json } from "./merge.ts";

/** What one file or variable says. */
export interface Layer {
  source: string;
  value: Json;
}

interface Found {
  path: string[];
  value: unknown;
  sources: string[];
  overruled: string[];
}

/** Each setting of the layers (weakest first) with the one that decides it, by the rules by which they are merged. Values that are secret are left out. */
export function explainLayers(layers: Layer[], merged: Json): ConfigSetting[] {
  const visible = new Map(leaves(withoutSecrets(merged)).map(([path, value]) => [keyOf(path), value]));
  const found = layers.reduce<Found[]>(
    (known, layer) => leaves(layer.value).reduce((all, leaf) => laidOver(all, leaf, layer.source), known),
    [],
  );
  return found.map(({ path, value, sources, overruled }) => {
    const key = keyOf(path);
    const shown = visible.get(key);
    const secret = shown === undefined && value !== undefined;
    const setting = { key: path.join("."), secret, source: sources.join(", "), overruled: overruled.toReversed() };
    return secret ? setting : { ...setting, value: shown };
  });
}

/** A setting laid over those that are known: it takes the place of the same one, of one that it is part of, and of its own parts. */
function laidOver(known: Found[], [path, value]: Leaf, source: string): Found[] {
  const replaced = known.filter((other) => isWithin(path, other.path) || isWithin(other.path, path));
  const added = replaced.find((other) => addsUp(path) && Array.isArray(other.value) && Array.isArray(value));
  const sources = added === undefined ? [source] : [...added.sources, source];
  const before = replaced.filter((other) => other !== added).flatMap((other) => [...other.overruled, ...other.sources]);
  const setting: Found = {
    path,
    value,
    sources,
    overruled: [...new Set([...(added?.overruled ?? []), ...before])].filter((name) => name !== source),
  };
  const first = replaced[0];
  if (first === undefined) return [...known, setting];
  return known.flatMap((other) => (other === first ? [setting] : replaced.includes(other) ? [] : [other]));
}

const addsUp = (path: string[]): boolean => path.length === 1 && addingUp.includes(path[0] ?? "");
const isWithin = (path: string[], other: string[]): boolean => other.every((name, at) => path[at] === name);
const keyOf = (path: string[]): string => JSON.stringify(path);

type Leaf = [path: string[], value: unknown];

function leaves(value: unknown, path: string[] = []): Leaf[] {
  if (!isObject(value) || (Object.keys(value).length === 0 && path.length > 0)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : leaves(inner, [...path, name])));
}
