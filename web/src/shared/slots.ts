// Fills the places that one module keeps free for another.
import { createContext, useContext } from "react";
import type { Slots } from "./registration";

export const SlotsContext = createContext<Partial<Slots>>({});

export function useSlot<Name extends keyof Slots>(name: Name): Slots[Name] | undefined {
  return useContext(SlotsContext)[name];
}
